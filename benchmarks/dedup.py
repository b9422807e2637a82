"""
Duplicates: speed beside datasketch, rensa, HojiChar and DataTrove, and what each finds.

`python -m benchmarks.dedup [--texts N] [--corpus DIR]` makes texts with known duplicates
(`planted.py`, or its sentences from a corpus) and lets each tool remove what is alike at 0.8, with
128 values (ours 8 rows in 16 bands, theirs as they choose) of runs of five characters, one thread
each. DataTrove works by words, of which it is given characters; its seconds are of its four steps
on files. Seconds are of the processor, shingling, signatures, lookup and whatever they do besides
included. `kept twice` counts texts of a family that stay beside another of it, `wrongly gone`
texts that are like no other, and families of which nothing is left.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import xxhash

from benchmarks.measuring import peer, table
from benchmarks.planted import Planted, own_sentences, planted, sentences_of

KINDS = ("loner", "family", "copy", "template")
"""Kinds of which it is certain what has to stay: one of each family."""

SIMILARITY, VALUES, N = 0.8, 128, 5

Keep = Callable[[Sequence[str]], list[int]]
"""The places of the texts that a tool keeps."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=4000)
    parser.add_argument("--corpus", help="folder of JSONL files whose sentences are recombined")
    options = parser.parse_args()
    pool = sentences_of(options.corpus) if options.corpus else own_sentences()
    made = [planted(number, options.texts, pool) for number in range(options.texts)]
    dedup([one for one in made if one.kind in KINDS])


def dedup(made: Sequence[Planted]) -> None:
    """Print a row for each tool that is there."""
    texts = [one.text for one in made]
    size = sum(len(text.encode()) for text in texts) / 1e6
    ours(texts[:50])  # kernels are loaded
    print(f"{len(texts):,} texts, {size:.2f} MB, similarity {SIMILARITY}\n")
    rows = []
    first = 0.0
    for name, keep in tools():
        begin = time.process_time()
        kept = keep(texts)
        spent = time.process_time() - begin
        first = first or spent
        twice, wrong = told(made, kept)
        rows.append((name, f"{size / spent:.2f}", f"{spent / first:.1f}", twice, wrong))
    table(("tool", "MB/s", "times ours", "kept twice", "wrongly gone"), rows)


def told(made: Sequence[Planted], kept: Sequence[int]) -> tuple[int, int]:
    """Texts that are kept beside another of their family, and what is gone without one."""
    families = Counter(_family(one) for one in made)
    stay = Counter(_family(made[place]) for place in kept)
    return sum(count - 1 for count in stay.values()), len(families) - len(stay)


def _family(one: Planted) -> str:
    """Copies are of a family too."""
    return one.family.replace("copy", "family")


def tools() -> Iterator[tuple[str, Keep]]:
    """Ours, and those that are installed."""
    yield "seimai", ours
    if (datasketch := peer("datasketch")) is not None:
        yield "datasketch, LSH", lambda texts: with_datasketch(datasketch, texts)
    if (rensa := peer("rensa")) is not None:
        yield "rensa, LSH", lambda texts: with_rensa(rensa, texts)
    if peer("hojichar") is not None:
        yield "HojiChar", with_hojichar
    if peer("datatrove") is not None:
        yield "DataTrove", with_datatrove


def ours(texts: Sequence[str]) -> list[int]:
    """Sketch, group, and the first text of each group."""
    from seimai.pipeline.recipe import Dedup
    from seimai.pipeline.shard import read_table, write_table
    from seimai.pipeline.stages.group import group
    from seimai.pipeline.stages.sketch import sketch
    from seimai.pipeline.text import Texts

    settings = Dedup(similarity=SIMILARITY)
    with tempfile.TemporaryDirectory() as folder:
        paths = [[Path(folder, stage, "0.parquet")] for stage in ("sketch", "text", "group")]
        column = pa.array(texts, pa.large_string())
        write_table(paths[0][0], sketch(Texts(column), settings))
        write_table(paths[1][0], pa.table({"text": column}))
        group(*paths, settings)
        label = read_table(paths[2][0])["group"].to_numpy()
    return [row for row, name in enumerate(label.tolist()) if name in (-1, row)]


def _shingles(text: str) -> list[str]:
    return [text[k : k + N] for k in range(len(text) - N + 1)]


def with_datasketch(module: Any, texts: Sequence[str]) -> list[int]:
    """Signatures in bulk, then one look-up and one insertion a text."""
    index = module.MinHashLSH(threshold=SIMILARITY, num_perm=VALUES)
    shingles = [[one.encode() for one in set(_shingles(text))] for text in texts]
    kept = []
    for k, signature in enumerate(module.MinHash.bulk(shingles, num_perm=VALUES)):
        if not index.query(signature):
            index.insert(str(k), signature)
            kept.append(k)
    return kept


def with_rensa(module: Any, texts: Sequence[str]) -> list[int]:
    """Signatures, candidates of 16 bands, and their estimated similarity."""
    index = module.RMinHashLSH(threshold=SIMILARITY, num_perm=VALUES, num_bands=16)
    signatures, kept = {}, []
    for k, text in enumerate(texts):
        made = module.RMinHash(num_perm=VALUES, seed=1)
        made.update(_shingles(text))
        near = index.query(made)
        if not any(made.jaccard(signatures[other]) >= SIMILARITY for other in near):
            index.insert(k, made)
            signatures[k] = made
            kept.append(k)
    return kept


def with_hojichar(texts: Sequence[str]) -> list[int]:
    """Its two filters one after the other, as its documentation has them."""
    from hojichar import Document
    from hojichar.filters import deduplication

    keys = deduplication.GenerateDedupLSH(num_perm=VALUES, threshold=SIMILARITY, n_grams=N)
    inline = deduplication.InlineDeduplicator()
    kept = []
    for k, text in enumerate(texts):
        document = inline.apply(keys.apply(Document(text)))
        if not document.is_rejected:
            kept.append(k)
    return kept


class _Characters:
    """A tokenizer of DataTrove whose words are characters."""

    def word_tokenize(self, text: str) -> list[str]:
        """The characters of a text."""
        return list(text)


def with_datatrove(texts: Sequence[str]) -> list[int]:
    """Its four steps one after the other: signatures, pairs of each bucket, clusters, a filter."""
    from datatrove.data import Document
    from datatrove.pipeline.dedup import minhash
    from datatrove.utils.logging import logger

    logger.remove()  # it says what it does in every step
    config = minhash.MinhashConfig(n_grams=N, num_buckets=16, hashes_per_bucket=8)
    documents = [Document(text, str(k)) for k, text in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        signatures, pairs, clusters = (f"{folder}/{name}" for name in ("s", "p", "c"))
        sign = minhash.MinhashDedupSignature(signatures, config)
        sign.word_tokenizer = _Characters()
        # The xxhash that ours is installed with takes bytes alone.
        sign._hash_func = lambda text: xxhash.xxh64_intdigest(text.encode())  # noqa: SLF001 - as above
        sign.run(iter(documents))
        for bucket in range(config.num_buckets):
            step = minhash.MinhashDedupBuckets(signatures, pairs, config=config)
            step.run(rank=bucket, world_size=config.num_buckets)
        minhash.MinhashDedupCluster(pairs, clusters, config=config).run()
        kept = minhash.MinhashDedupFilter(clusters).run(iter(documents))
        return [int(document.id) for document in kept]


if __name__ == "__main__":
    main()
