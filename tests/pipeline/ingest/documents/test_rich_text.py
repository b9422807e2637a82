r"""RTF: what a group is decides whether it is text, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.ingest import ReadOptions
from seimai.pipeline.ingest.documents.office.fields import is_contents, shown_by_code
from tests.pipeline.ingest.making import causes, read_all, skips, texts


def rich(text: str) -> str:
    """Characters as RTF in CP932 writes them."""
    return "".join(
        one if one.isascii() else "".join(f"\\'{byte:02x}" for byte in one.encode("cp932"))
        for one in text
    )


def shown(folder: Path, body: str, options: ReadOptions | None = None) -> str:
    """The text of an RTF of this body."""
    data = (
        "{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fcharset128 MS;}{\\f3\\fcharset2 Wingdings;}"
        "{\\f4\\fcharset2 Symbol;}}\\f0 " + body + "}"
    )
    [text] = texts(read_all(folder, "a.rtf", data.encode("ascii"), options)) or [""]
    return text


UPR = "{\\upr{\\author ?}{\\*\\ud{\\author \\u23665 \\u30000 }}}"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{\\info" + UPR + "{\\title " + rich("題") + "}}" + rich("本文"), "本文"),
        (rich("前") + "{\\upr{?}{\\*\\ud{\\u26412 \\u25991 }}}" + rich("後"), "前本文後"),
        (
            "{\\shp{\\*\\shpinst\\shpleft0{\\sp{\\sn shapeType}{\\sv 202}}{\\shptxt "
            + rich("枠の中")
            + "\\par}}{\\shprslt{\\*\\do\\dptxbx{\\dptxbxtext "
            + rich("枠の中")
            + "}}}}"
            + rich("後"),
            "枠の中\n後",
        ),
        ("{\\*\\do\\dptxbx{\\dptxbxtext " + rich("古い枠") + "}}" + rich("後"), "古い枠後"),
        (
            "{\\header " + rich("社外秘") + "{\\shp{\\*\\shpinst{\\shptxt x}}}}" + rich("本文"),
            "本文",
        ),
        ("{\\*\\unknown{\\shptxt x}{\\ud y}}" + rich("本文"), "本文"),
        ("{\\xe " + rich("索引") + "}{\\tc " + rich("目次") + "}" + rich("本文"), "本文"),
        ("{\\pntext\\f0 1.\\tab}{\\*\\pn\\pnlvlbody}" + rich("項目"), "1. 項目"),
        ("{\\listtext\\pard " + rich("第1条") + "\\tab}" + rich("委託する。"), "第1条 委託する。"),
        ("{\\listtext\\f3\\'b7\\tab}" + rich("点"), "点"),
        (
            rich("本文") + "{\\footnote " + rich("注です。") + "}" + rich("続き"),
            "本文続き\n注です。",
        ),
    ],
)
def test_groups_are_text_or_not(tmp_path: Path, body: str, text: str):
    """A group is seen only where the one around it is, and only what is known is seen at all."""
    assert text == shown(tmp_path, body)


def field(code: str, result: str) -> str:
    """A field."""
    return "{\\field{\\*\\fldinst " + code + "}{\\fldrslt " + result + "}}"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            field(
                "EQ \\\\o\\\\ad(\\\\s\\\\up 9(" + rich("とうきょう") + ")," + rich("東京") + ")", ""
            ),
            "東京",
        ),
        (field("{eq \\\\o\\\\ac(" + rich("○") + "}{," + rich("秘") + ")}", ""), "秘"),
        (field('HYPERLINK "http://a.example.jp"', rich("案内")), "案内"),
        (field(" TOC \\\\o ", rich("第一章") + " 3"), ""),
        (field("PAGE ", field("EQ x", "y")), "x"),
        (field("IF " + field("PAGE", "2") + " = 1", rich("結果")), "結果"),
    ],
)
def test_fields_show_their_result_or_their_code(tmp_path: Path, body: str, text: str):
    """Ruby and enclosed characters are in the code, all others show their result."""
    assert "前" + text + "後" == shown(tmp_path, rich("前") + body + rich("後"))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ('EQ \\* jc2 \\* "Font:明朝" \\* hps10 \\o\\ad(\\s\\up 9(しののめ),東雲)', "東雲"),
        ("EQ \\o\\al(\\s\\up 11(みなと);港)", "港"),
        ("eq \\o\\ac(□,\\(a\\))", "(a)"),
        ("EQ \\o(\\s\\up 6(株式),\\s\\do 2(会社))", "株式会社"),
        ("EQ \\x(囲み)", "囲み"),
        ("EQ \\f(1,2)", "1/2"),
        ("EQ 東(京)", "東(京)"),
        ("EQ (((", "((()))"),
        ("EQ \\", ""),
        ("EQUATION x", None),
        ("PAGE \\* MERGEFORMAT", None),
    ],
)
def test_equations_of_word_are_read(code: str, text: str | None):
    """The base of ruby, what is enclosed, and what stands over each other."""
    assert text == shown_by_code(code)


def test_tables_of_contents_are_known():
    """A field is a table of contents by the word it begins with."""
    assert is_contents(' TOC \\o "1-3" ')
    assert not is_contents("TOCTOU")


def test_long_codes_are_read_in_linear_time():
    """A hundred thousand brackets and quotation marks end at once."""
    for code in ("(" * 100_000, '\\* "' * 50_000, "\\o(," * 50_000):
        assert shown_by_code("EQ " + code) is not None


def test_what_comes_before_a_fault_stays(tmp_path: Path):
    """A file that ends inside a group gives its text and says so."""
    found = read_all(tmp_path, "a.rtf", b"{\\rtf1 whole\\par half {\\b bo")

    assert (["whole\nhalf bo"], ["truncated"]) == (texts(found), causes(found))


def test_objects_are_counted(tmp_path: Path):
    """What an object of another program shows is read, its data are not."""
    thing = (
        "{\\object\\objemb{\\*\\objclass Excel}{\\*\\objdata 00ff}{\\result " + rich("表") + "}}"
    )
    data = "{\\rtf1\\ansi\\ansicpg932 " + thing + "}"
    found = read_all(tmp_path, "a.rtf", data.encode())

    assert (["表"], {"embedded": 1}) == (texts(found), skips(found))


def test_comments_are_kept_on_demand(tmp_path: Path):
    """A comment follows the text, its author and date do not."""
    body = (
        rich("本文")
        + "{\\*\\atnid A}{\\*\\atnauthor "
        + rich("某")
        + "}{\\*\\annotation{\\*\\atndate 1}"
        + rich("直す。")
        + "}"
    )

    assert "本文" == shown(tmp_path, body)
    assert "本文\n直す。" == shown(tmp_path, body, ReadOptions(comments="keep"))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("\\'95\\b \\'5c\\'8e\\'a6", "表示"),  # Formatting between the bytes of a character.
        ("{\\f0\\'95}{\\f0\\b\\'5c}\\'8e\\'a6", "表示"),
        ("\\'95\\par x", "\N{REPLACEMENT CHARACTER}\nx"),
        ("\\'93\n\\'fa\r\n\\'96\\'7b", "日本"),
        ("\\'83e\\'83X\\'83g", "テスト"),
        ("\\uc2\\u26085\\'93\\'fa\\u26412\\'96\\'7b\\uc0\\u26085 x", "日本日x"),
        ("{\\f3\\'fe}" + rich("同意") + "{\\f3 l}{\\f3\\u-3844 ?}", "☑同意●✓"),
        ("10 {\\f4 m}m", "10 μm"),
        ('{\\field{\\*\\fldinst SYMBOL 97 \\\\f "Symbol"}{\\fldrslt{\\f4 a}}}', "α"),
        (
            "\\trowd\\intbl a\\cell b\\par\\pard\\intbl c\\cell\\row\\pard d\\par e",
            "a\tb c\nd\ne",
        ),
        (
            "\\trowd\\intbl a\\nestcell b\\nestcell{\\nonesttables\\par}c\\cell\\row\\pard",
            "a b c",
        ),
    ],
)
def test_bytes_fonts_and_cells(tmp_path: Path, body: str, text: str):
    """Halves of characters find each other, signs are what they show, a row is one line."""
    assert text == shown(tmp_path, body)


@pytest.mark.parametrize("head", ["\\ansi", "\\ansi\\ansicpg1252", "\\mac"])
def test_an_encoding_that_the_file_does_not_tell_is_found(tmp_path: Path, head: str):
    """Converters write Japanese under a Western code page; bytes without escapes are read too."""
    sentence = "この表は三階の会議室に予備があります。"
    escaped = "{\\rtf1" + head + " " + rich(sentence) + "}"
    found = [read_all(tmp_path, "a.rtf", escaped.encode())]
    found += [
        read_all(tmp_path, "a.rtf", ("{\\rtf1" + head + " " + sentence + "}").encode("cp932"))
    ]

    assert [[sentence]] * 2 == [texts(items) for items in found]


def test_western_bytes_stay_western(tmp_path: Path):
    """A German file is not taken for a Japanese one."""
    data = b"{\\rtf1\\ansi M\\'fcller gr\\'fc\\'dft die Stra\\'dfe und \\'fcbt \\'d6len.}"

    assert ["Müller grüßt die Straße und übt Ölen."] == texts(read_all(tmp_path, "a.rtf", data))
