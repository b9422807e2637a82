"""
How many copies of benchmark items are found, how many texts are called copies, and how fast.

    python -m benchmarks.contamination --benchmark B.jsonl --texts CORPUS.jsonl.zst

Every item is put into the middle of a text of the corpus, as it stands and changed in the ways in
which copies change. Items are parted by the hash of their question; what was set on the first two
thirds is told of the last.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import orjson
import pyarrow as pa
import xxhash

from seimai.pipeline.contamination.index import Index, index_of
from seimai.pipeline.contamination.layouts import Columns, Item, read_items
from seimai.pipeline.text import Texts

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
MARKS = str.maketrans("、。？！「」", "，．?!『』")
AROUND = 300
"""Characters of a text before and behind a copy."""

CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "verbatim": lambda text, _: text,
    "other punctuation": lambda text, _: text.translate(MARKS),
    "no punctuation": lambda text, _: re.sub(r"[、。？！，．?!「」『』（）()]", "", text),
    "wide": lambda text, _: text.translate(WIDE),
    "narrow": lambda text, _: unicodedata.normalize("NFKC", text),
    "blanks": lambda text, draw: "".join(one + " " * (draw.random() < 0.2) for one in text),
    "line breaks": lambda text, draw: "".join(one + "\n" * (draw.random() < 0.1) for one in text),
}


def with_choices(item: Item) -> str:
    """A question with numbered choices."""
    return "\n".join([item.question, *(f"{k}. {one}" for k, one in enumerate(item.choices, 1))])


def texts_of(path: Path, most: int) -> Iterator[str]:
    """The first texts of a corpus of JSON lines."""
    with pa.input_stream(str(path), compression="detect") as stream:
        data = stream.read()
    for line in data.splitlines()[:most]:
        yield orjson.loads(line)["text"]


def is_held_out(item: Item) -> bool:
    """Whether an item is of the third that nothing was set on."""
    return xxhash.xxh3_64_intdigest(item.question.encode()) % 3 == 2


def recall(
    index: Index, number: int, items: Sequence[Item], chosen: list[int], put: list[str]
) -> float:
    """Which share of the chosen items is found in the texts that they were put into."""
    hits = {(one.text, one.item) for one in index.find(Texts.of(*put)) if one.benchmark == number}
    # Of equal items the first one is found.
    first: dict[tuple[str, tuple[str, ...]], int] = {}
    for k, item in enumerate(items):
        first.setdefault((item.question, item.choices), k)
    wanted = [first[items[k].question, items[k].choices] for k in chosen]
    return sum(one in hits for one in enumerate(wanted)) / len(chosen)


def tell(index: Index, benchmarks: dict[str, list[Item]], corpus: list[str]) -> None:
    """Print how many copies are found, by change."""
    for number, (name, items) in enumerate(benchmarks.items()):
        for held in (False, True):
            chosen = [k for k, item in enumerate(items) if is_held_out(item) == held]
            print(name, "held out" if held else "tuning", len(chosen), "items")
            for change, make in CHANGES.items():
                for choices in (False, True)[: 1 + bool(items[0].choices)]:
                    draw = random.Random(1)  # noqa: S311 - the same texts in every run
                    put = []
                    for k in chosen:
                        text = with_choices(items[k]) if choices else items[k].question
                        around = corpus[draw.randrange(len(corpus))]
                        before, behind = around[:AROUND], around[AROUND : 2 * AROUND]
                        put.append(f"{before}\n{make(text, draw)}\n{behind}")
                    told = "question and choices" if choices else "question"
                    share = recall(index, number, items, chosen, put)
                    print(f"   {change:18} {told:22} {share:.4f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmark", type=Path, action="append", required=True)
    parser.add_argument("--texts", type=Path, action="append", required=True)
    parser.add_argument("--most", type=int, default=20_000)
    parser.add_argument("--show", type=int, default=0)
    asked = parser.parse_args()
    benchmarks = {
        path.stem: read_items(
            path.read_bytes(), path.name, "mgsm-ja" if "mgsm" in path.name else "auto", Columns()
        )
        for path in asked.benchmark
    }
    began = time.process_time()
    index = index_of(benchmarks, "")
    print(f"index: {time.process_time() - began:.2f} s, not looked for: {index.unsought}")
    index.rows(Texts.of("米"))
    corpus: list[str] = []
    for path in asked.texts:
        corpus = list(texts_of(path, asked.most))
        batch = Texts.of(*corpus)
        began = time.process_time()
        found = index.find(batch)
        seconds = time.process_time() - began
        megabytes = int(batch.bytes.sum()) / 1e6
        hit = len({one.text for one in found})
        print(f"{path.name}: {len(corpus):,} texts, {megabytes:.0f} MB, hit {hit}")
        print(f"   {megabytes / seconds:.0f} MB/s of a core")
        for one in found[: asked.show]:
            item = index.items[one.benchmark][one.item]
            print("  ", item, one.part, corpus[one.text][max(one.begin - 15, 0) : one.end + 15])
    tell(index, benchmarks, corpus)


if __name__ == "__main__":
    main()
