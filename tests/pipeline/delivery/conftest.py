"""Three small tokenizers, made from texts of our own, and a release of them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.conftest import Curate, WriteLines, prose, recipe_of

SEEDS = range(60)


def texts() -> list[str]:
    """What tokenizers learn from, and releases are made of."""
    return [prose(seed, 1 + seed % 9) for seed in SEEDS]


@pytest.fixture(scope="session")
def tokenizers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """BPE over bytes, a unigram model, and SentencePiece's, with three vocabularies."""
    hugging_face = pytest.importorskip("tokenizers")
    sentencepiece = pytest.importorskip("sentencepiece")
    from tokenizers import models, pre_tokenizers, trainers

    folder = tmp_path_factory.mktemp("tokenizers")
    found = {name: folder / name for name in ("bpe.json", "unigram.json", "sp.model")}
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    specials = ["<s>", "</s>"]
    bpe = hugging_face.Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=specials, initial_alphabet=alphabet, show_progress=False
    )
    bpe.train_from_iterator(texts(), trainer)
    bpe.save(str(found["bpe.json"]))
    unigram = hugging_face.Tokenizer(models.Unigram())
    unigram.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=300,
        special_tokens=["<unk>", *specials],
        unk_token="<unk>",  # noqa: S106 - a token, not a password
        show_progress=False,
    )
    unigram.train_from_iterator(texts(), trainer)
    unigram.save(str(found["unigram.json"]))
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts()),
        model_writer=made,
        vocab_size=220,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    found["sp.model"].write_bytes(made.getvalue())
    return found


@pytest.fixture
def release(tmp_path: Path, curate: Curate, write_lines: WriteLines) -> Path:
    """The output folder of a run over these texts, cut into several row groups."""
    from seimai.pipeline.stages import release as stage

    records = [{"id": f"t{k:02}", "text": text} for k, text in enumerate(texts())]
    lines = write_lines(tmp_path / "in.jsonl", records)
    recipe = recipe_of(lines, release={"shard": "8KB", "signals": ["text.length_count"]})
    before = stage.ROW_GROUP_BYTES
    stage.ROW_GROUP_BYTES = 4000
    try:
        curate(recipe, tmp_path / "run")
    finally:
        stage.ROW_GROUP_BYTES = before
    return tmp_path / "run"
