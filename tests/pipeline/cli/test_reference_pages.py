"""`seimai recipes --reference` and `--schema`, as people call them."""

from __future__ import annotations

import json

from seimai.pipeline.cli import main


def said(capsys, *arguments: str) -> tuple[int, str, str]:
    """The exit code of a command, what it printed, and its complaints."""
    code = main(list(arguments))
    found = capsys.readouterr()
    return code, found.out, found.err


def test_one_key_is_explained(capsys):
    """The key alone comes with kind, default, meaning and an example."""
    code, out, _ = said(capsys, "--lang", "ja", "recipes", "--reference", "dedup.rows")

    assert 0 == code
    assert out.startswith("dedup.rows  整数（1以上） · 既定 8\n")
    assert "MinHash" in out
    assert "dedup.bands" not in out


def test_a_section_and_the_whole_are_explained(capsys):
    """A section has its keys and what it is for; without a name everything is there."""
    whole = said(capsys, "--lang", "en", "recipes", "--reference")[1]
    section = said(capsys, "--lang", "en", "recipes", "--reference", "together")[1]

    assert "Combined limits: a list." in section
    assert "together.where" in section
    assert "dedup.rows" not in section
    assert all(key in whole for key in ("source.text_format", "expect.kept_share", "line_ends"))


def test_cleaners_are_explained_in_both_languages(capsys):
    """The key `clean` lists them; one of them is described in full."""
    listed = said(capsys, "--lang", "ja", "recipes", "--reference", "clean")[1]
    one = said(capsys, "--lang", "ja", "recipes", "--reference", "width")[1]
    data = json.loads(said(capsys, "--format", "json", "recipes", "--reference", "width")[1])

    assert "制御文字" in listed
    assert one == said(capsys, "--lang", "ja", "signals", "width")[1]
    assert "NFKC" in one
    assert "かな" in data["doc_ja"]
    assert "Katakana" in data["doc"]


def test_an_unknown_name_is_told_with_the_nearest(capsys):
    """A slip in the name of a key brings the key that was meant, and the sections."""
    code, _, err = said(capsys, "--lang", "en", "recipes", "--reference", "dedup.row")

    assert 2 == code
    assert "error[U092]" in err
    assert "did you mean “dedup.rows”?" in err
    assert "together" in err


def test_the_schema_is_printed(capsys):
    """What is printed is JSON that an editor can use."""
    assert "limits" in json.loads(said(capsys, "recipes", "--schema")[1])["properties"]


def test_signals_speak_japanese(capsys):
    """List, single signal and data all have the Japanese description."""
    listed = said(capsys, "--lang", "ja", "signals", "ja")[1]
    one = said(capsys, "--lang", "ja", "signals", "ja.hiragana_share")[1]
    [data] = json.loads(said(capsys, "--format", "json", "signals", "ja.hiragana_share")[1])

    assert "全文字に占めるひらがなの割合。" in listed
    assert "漢文" in one
    assert "Share of characters" not in listed + one
    assert "ひらがな" in data["doc_ja"]
