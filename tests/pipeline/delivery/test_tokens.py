"""A release as token ids: the same bytes however it is worked on, and exact counts."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.crash_points import SWITCH
from seimai.pipeline.delivery import pieces
from seimai.pipeline.delivery.megatron import open_indexed
from seimai.pipeline.delivery.pieces import Setup
from seimai.pipeline.delivery.tokens import estimate, make_tokens
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.tokenizer import encoded, load_tokenizer
from tests.conftest import recipe_of, released

from .conftest import texts

NAMES = ("bpe.json", "unigram.json", "sp.model")


def digests(folder: Path) -> dict[str, str]:
    """What lies in a folder, by name, without locks."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_those_of_the_package(tokenizers, release, tmp_path, name):
    """Each document has the ids that the tokenizer gives alone, and ends with its last token."""
    path = str(tokenizers[name])
    record = make_tokens(release, tmp_path / "out", Setup(path, "</s>"), workers=1)
    found = open_indexed(tmp_path / "out" / "train")
    rows = released(release)
    if name.endswith("json"):
        from tokenizers import Tokenizer

        alone = Tokenizer.from_file(path)
        end = alone.token_to_id("</s>")
        expected = [[*alone.encode(row["text"]).ids, end] for row in rows]
    else:
        from sentencepiece import SentencePieceProcessor

        alone = SentencePieceProcessor(model_file=path)
        expected = [[*alone.encode(row["text"]), alone.piece_to_id("</s>")] for row in rows]

    assert expected == [found.document(k).tolist() for k in range(len(rows))]
    assert sum(map(len, expected)) == record["tokens"] == record["splits"]["train"]["tokens"]
    assert "uint16" == record["dtype"]


def test_any_number_of_workers_gives_the_same_bytes(tokenizers, release, tmp_path, monkeypatch):
    """One process or three children, small pieces: the same files."""
    monkeypatch.setattr(pieces, "PIECE_BYTES", 1000)
    setup = Setup(str(tokenizers["bpe.json"]), "</s>", validation=0.2, test=0.1, seed=3)
    make_tokens(release, tmp_path / "one", setup, workers=1, parquet=True)
    make_tokens(release, tmp_path / "three", setup, workers=3, parquet=True)

    assert digests(tmp_path / "one") == digests(tmp_path / "three")
    assert len(list((tmp_path / "one" / "ids").glob("*.parquet"))) > 3


def test_what_was_encoded_is_not_encoded_again(tokenizers, release, tmp_path, monkeypatch):
    """After a stop in the middle the next run encodes what is missing; the bytes are the same."""
    from seimai.pipeline.delivery import crew

    monkeypatch.setattr(pieces, "PIECE_BYTES", 1000)
    setup = Setup(str(tokenizers["bpe.json"]), "</s>")
    make_tokens(release, tmp_path / "whole", setup, workers=1)
    done = []
    real = crew.encode_piece

    def some(piece, *rest):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(piece.out)
        real(piece, *rest)

    monkeypatch.setattr(crew, "encode_piece", some)
    with pytest.raises(KeyboardInterrupt):
        make_tokens(release, tmp_path / "out", setup, workers=1)

    assert not (tmp_path / "out" / "tokens.json").exists()

    again = []
    monkeypatch.setattr(
        crew, "encode_piece", lambda *all_: (again.append(all_[0].out), real(*all_))
    )
    make_tokens(release, tmp_path / "out", setup, workers=1)

    assert set() == set(done) & set(again)
    assert digests(tmp_path / "whole") == digests(tmp_path / "out")

    again.clear()
    make_tokens(release, tmp_path / "out", setup, workers=1)

    assert [] == again


def test_kills_leave_the_same_bytes(tokenizers, release, tmp_path):
    """A command that is killed at one file after the other ends with those of one that was not."""
    out = tmp_path / "out"
    setup = Setup(str(tokenizers["sp.model"]), "</s>")
    make_tokens(release, tmp_path / "whole", setup, workers=1)
    words = ["tokens", release, "--tokenizer", setup.tokenizer, "--eod", "</s>", "--out", out]
    command = [sys.executable, "-m", "seimai.pipeline.cli", *map(str, words), "--quiet"]
    for point in ("file-begun", "file-synced", "file-renamed", "file-synced * 2"):
        killed = subprocess.run(
            [*command, "--workers", "1"], env={**os.environ, SWITCH: point}, check=False
        )
        assert -signal.SIGKILL == killed.returncode
    subprocess.run(command, check=True)

    assert digests(tmp_path / "whole") == digests(out)


def test_a_text_never_becomes_a_special_token(tokenizers):
    """What is written like the end of a document does not end it."""
    for name in NAMES:
        one = load_tokenizer(str(tokenizers[name]), "</s>")
        ids, lengths, _ = encoded(one, ["猫</s>犬", ""])

        assert [lengths[0] - 1, lengths.sum() - 1] == np.flatnonzero(ids == one.after[0]).tolist()


def test_counts_and_documents_agree(tokenizers, release, tmp_path):
    """Splits, sources and rows tell the same number of tokens; signals stand beside them."""
    setup = Setup(str(tokenizers["bpe.json"]), "</s>", validation=0.2, test=0.1)
    record = make_tokens(release, tmp_path / "out", setup, workers=1)
    rows = pq.read_table(tmp_path / "out" / "documents.parquet").to_pylist()
    splits = record["splits"]

    assert [row["id"] for row in released(release)] == [row["id"] for row in rows]
    assert record["tokens"] == sum(row["tokens"] for row in rows)
    assert record["tokens"] == sum(one["tokens"] for one in splits.values())
    assert record["tokens"] == sum(one["tokens"] for one in record["counts"]["source"].values())
    assert {"train", "validation", "test"} == set(splits)
    assert splits["validation"]["documents"] == sum(row["split"] == 1 for row in rows)
    assert all(row["text.length_count"] > 0 for row in rows)


def test_texts_of_a_group_stay_together(tokenizers, release, tmp_path):
    """With a group that all texts share, one split has them all; more seeds move them."""
    found = set()
    for seed in range(6):
        setup = Setup(
            str(tokenizers["bpe.json"]), "none", validation=0.5, seed=seed, group="source"
        )
        record = make_tokens(release, tmp_path / str(seed), setup, workers=1)
        found.add(tuple(name for name, one in record["splits"].items() if one["documents"]))

    assert {("train",), ("validation",)} == found


def test_a_release_with_splits_keeps_them(tokenizers, tmp_path, curate, write_lines):
    """Its files say what is held out; to ask for other shares is a slip that is named."""
    records = [{"id": f"t{k:02}", "text": text} for k, text in enumerate(texts())]
    lines = write_lines(tmp_path / "in.jsonl", records)
    curate(recipe_of(lines, splits={"validation": 0.3, "test": 0.2}), tmp_path / "run")
    setup = Setup(str(tokenizers["bpe.json"]), "</s>")
    record = make_tokens(tmp_path / "run", tmp_path / "out", setup, workers=1)
    told = json.loads((tmp_path / "run/release/run.json").read_bytes())["splits"]
    other = Setup(setup.tokenizer, "</s>", validation=0.1)

    assert told == {name: one["documents"] for name, one in record["splits"].items()}
    assert "T042" == code_of(make_tokens, tmp_path / "run", tmp_path / "no", other, workers=1)
    assert not (tmp_path / "no").exists()


def test_an_estimate_is_near(tokenizers, release, tmp_path):
    """A sample says the number of tokens to a few percent, and writes nothing."""
    setup = Setup(str(tokenizers["bpe.json"]), "</s>")
    about = estimate(release, setup)["tokens"]
    exact = make_tokens(release, tmp_path / "out", setup, workers=1)["tokens"]

    assert abs(about - exact) < 0.1 * exact


def code_of(call, *arguments, **options) -> str:
    """The code of the problem that a call raises."""
    with pytest.raises((Problem, Problems)) as found:
        call(*arguments, **options)
    fault = found.value
    return fault.problems[0].code if isinstance(fault, Problems) else fault.code


def test_what_cannot_be_is_named_and_nothing_is_written(tokenizers, release, tmp_path):
    """No file, no tokenizer, no end, no such token, no column, no texts left: each its sentence."""
    out = tmp_path / "out"
    bpe = str(tokenizers["bpe.json"])
    (tmp_path / "bad.json").write_text('{"model": 3}')
    (tmp_path / "bad.model").write_bytes(b"\x00\x01nothing")
    cases = {
        "T001": Setup(str(tmp_path / "none.json"), "</s>"),
        "T002": Setup(str(tmp_path / "bad.json"), "</s>"),
        "T003": Setup(bpe, None),
        "T004": Setup(bpe, "<|end|>"),
        "T008": Setup(bpe, "</s>", group="site"),
        "T009": Setup(bpe, "</s>", validation=0.6, test=0.4),
    }

    assert list(cases) == [
        code_of(make_tokens, release, out, setup, workers=1) for setup in cases.values()
    ]
    assert "T002" == code_of(load_tokenizer, str(tmp_path / "bad.model"), "</s>")
    assert not out.exists()


def test_a_tokenizer_of_another_language_is_named(release, tmp_path):
    """One that has no tokens for Japanese is found before anything is written."""
    hugging_face = pytest.importorskip("tokenizers")
    from tokenizers import models, pre_tokenizers

    words = {"the": 0, "[UNK]": 1}
    model = models.WordLevel(words, unk_token="[UNK]")  # noqa: S106 - a token, not a password
    english = hugging_face.Tokenizer(model)
    english.pre_tokenizer = pre_tokenizers.Whitespace()
    english.save(str(tmp_path / "en.json"))
    setup = Setup(str(tmp_path / "en.json"), "none")

    assert "T005" == code_of(make_tokens, release, tmp_path / "out", setup, workers=1)
    assert not (tmp_path / "out").exists()


def test_a_release_that_was_changed_by_hand_is_named(tokenizers, release, tmp_path):
    """A data file of another size than `run.json` says is nobody's release."""
    file = next((release / "release" / "data").glob("*.parquet"))
    file.write_bytes(file.read_bytes() + b"\0")
    setup = Setup(str(tokenizers["bpe.json"]), "</s>")

    assert "T007" == code_of(make_tokens, release, tmp_path / "out", setup, workers=1)


def test_the_command_speaks_json(tokenizers, release, tmp_path, capsys):
    """`seimai tokens --format json` prints what `tokens.json` holds."""
    from seimai.pipeline.cli import main

    words = ["tokens", release, "--tokenizer", tokenizers["bpe.json"], "--eod", "</s>"]
    done = main([*map(str, words), "--out", str(tmp_path / "out"), "--format", "json"])
    said = json.loads(capsys.readouterr().out)

    assert 0 == done
    assert said["tokens"] == json.loads((tmp_path / "out" / "tokens.json").read_text())["tokens"]
