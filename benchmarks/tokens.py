"""
Tokens: MB/s of `seimai tokens`, next to `tokenizers` alone on the same texts.

`python -m benchmarks.tokens [--corpus DIR]` makes a release of some texts (by default of the
shipped sample), trains a small BPE on them, and times the whole command in one process and one
thread: reading Parquet, encoding, counting, index. Alone, `encode_batch_fast` gets all texts in
lists of a thousand and its ids are made a list. Megabytes are of UTF-8 text.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from benchmarks.formats import _texts
from benchmarks.measuring import seconds, table
from seimai.pipeline.delivery.pieces import Setup
from seimai.pipeline.delivery.tokens import make_tokens

MOST = 3_000_000
"""Characters of text: each thing is timed three times, at a megabyte or two a second."""

VOCABULARY = 8000
LEARN = 1000
"""Texts that the tokenizer learns from."""

WORDS = r"\p{Han}+|\p{Hiragana}+|\p{Katakana}+|[A-Za-z]+|[0-9]{1,3}|\s+"
"""Where Japanese may be cut before pairs are merged; without it a line is one word."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", help="folder of JSONL files; default: the shipped sample")
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    tokens(parser.parse_args().corpus)


def tokens(corpus: str | None) -> None:
    """Print the table of tokens for a corpus."""
    texts = _texts(corpus)
    ends = np.cumsum([len(text) for text in texts])
    texts = texts[: int(np.searchsorted(ends, MOST)) + 1]
    size = sum(len(text.encode()) for text in texts) / 1e6
    with tempfile.TemporaryDirectory(prefix="seimai-tokens-") as name:
        folder = Path(name)
        release = _release(folder / "run", texts)
        model = _tokenizer(folder / "tokenizer.json", texts)
        setup = Setup(str(folder / "tokenizer.json"), "</s>")
        turn = iter(range(100))

        def ours() -> object:
            return make_tokens(release, folder / f"out{next(turn)}", setup, workers=1)

        def alone() -> None:
            for first in range(0, len(texts), 1000):
                found = model.encode_batch_fast(
                    texts[first : first + 1000], add_special_tokens=False
                )
                for one in found:
                    one.ids  # noqa: B018 - ids are made a list when they are asked for

        took = seconds({"seimai tokens": ours, "tokenizers": alone})
    rows = [
        (name, f"{size / one:.2f}", f"{took['tokenizers'] / one:.2f}") for name, one in took.items()
    ]
    table((f"{size:.1f} MB, one thread", "MB/s", "ratio"), rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{peak} MB at most, both together\n")


def _release(out: Path, texts: list[str]) -> Path:
    """A folder that looks like a release: enough for `make_tokens`."""
    path = out / "data" / "train-00000-of-00001.parquet"
    path.parent.mkdir(parents=True)
    names = [f"t{k}" for k in range(len(texts))]
    columns: dict[str, Any] = {
        "id": pa.array(names),
        "text": pa.array(texts, pa.large_string()),
        "source": pa.array(["bench"] * len(texts)),
    }
    pq.write_table(pa.table(columns), path, compression="zstd")
    data = path.read_bytes()
    output = {
        "path": f"data/{path.name}",
        "rows": len(texts),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    run = {"counts": {"kept": len(texts)}, "recipe_resolved": {}, "outputs": [output]}
    (out / "run.json").write_bytes(orjson.dumps(run))
    return out


def _tokenizer(path: Path, texts: list[str]) -> Tokenizer:
    model = Tokenizer(models.BPE())
    model.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    model.train_from_iterator(texts[:LEARN], trainer)
    model.save(str(path))
    model.encode_special_tokens = True
    return model


if __name__ == "__main__":
    main()
