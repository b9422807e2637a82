"""
Tokens: a release as the ids of a tokenizer, ready for training.

Pieces are encoded by the crew and merged by index: `train.bin` and `.idx` (and `validation`,
`test`) hold the texts in the order of the release, whatever was encoded first. `documents.parquet`
has a row for each text, with every number that the release knows of it; a mix needs nothing more.
`tokens.json` comes last: where it is not, nothing is finished.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from seimai.pipeline import shard
from seimai.pipeline.delivery.crew import encode_all
from seimai.pipeline.delivery.documents import Documents, write_documents
from seimai.pipeline.delivery.megatron import index_bytes, write_ids
from seimai.pipeline.delivery.pieces import Piece, Setup, plan_pieces
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.errors import Problem, cannot_write
from seimai.pipeline.inspect.released import Released, find_released
from seimai.pipeline.names import nearest
from seimai.pipeline.stages.buckets import PREFIX
from seimai.pipeline.stages.placement import SPLITS
from seimai.pipeline.tokenizer import Tokenizer, encoded

FORMAT = 1
"""Version of the format of `tokens.json`."""

TRIED = 200
"""Texts that are encoded for an estimate, and before anything is written: to see that they can."""

TRIED_BYTES = 200_000
"""Bytes of the texts that are encoded before anything is written; an estimate takes all of them."""

MOST_UNKNOWN = 0.1
"""A tokenizer that has no tokens for a tenth of the text is not one for this text."""

Tell = Callable[[int, int], None]


def make_tokens(
    release: Path,
    out: Path,
    setup: Setup,
    *,
    workers: int,
    by: Sequence[str] = (),
    parquet: bool = False,
    tell: Tell = lambda _done, _all: None,
) -> dict[str, Any]:
    """
    Write the tokens of a release into `out`; the content of `tokens.json`.

    `by` names columns by whose words tokens are counted besides `source`; `parquet` leaves the
    ids as Parquet too; `tell` hears how many rows are done, and of how many.
    """
    released, tokenizer, about = _ready(release, setup, by)
    estimate_of(released, tokenizer, TRIED_BYTES)
    mark = shard.fingerprint(**about, by=list(by), parquet=parquet, format=FORMAT)
    with lock(_folder(out)):
        earlier = shard.read_sealed(out / "tokens.json")
        if earlier and earlier["fingerprint"] == mark and _complete(out, earlier):
            return earlier
        (out / "tokens.json").unlink(missing_ok=True)
        pieces = plan_pieces(released, setup, tokenizer, out / "ids")
        missing = [one for one in pieces if not _there(one)]
        rows = sum(one.rows for one in pieces)
        done = [rows - sum(one.rows for one in missing)]

        def heard(count: int) -> None:
            done[0] += count
            tell(done[0], rows)

        encode_all(missing, setup, workers, heard, tokenizer)
        shard.remove_others(out, {Path(one.out).stem for one in pieces})
        columns = list(dict.fromkeys(["source", *by, *_buckets(released)]))
        documents = write_documents(released, pieces, out / "documents.parquet", columns)
        written = _merged(out, pieces, tokenizer)
        record = {
            "format": FORMAT,
            "fingerprint": mark,
            "release": str(release),
            **about,
            "dtype": tokenizer.dtype.name,
            "documents": documents.rows,
            "tokens": documents.tokens,
            "unknown": documents.unknown,
            "splits": written,
            "counts": _counts(documents),
            "parquet": parquet,
        }
        if not parquet:
            shutil.rmtree(out / "ids", ignore_errors=True)
        shard.write_sealed(out / "tokens.json", record)
    return record


def estimate(release: Path, setup: Setup) -> dict[str, Any]:
    """How many tokens a release has, about, from some of its texts; writes nothing."""
    released, tokenizer, about = _ready(release, setup, ())
    return {"estimate": True, **about, **estimate_of(released, tokenizer)}


def estimate_of(
    released: Released, tokenizer: Tokenizer, most: int | None = None
) -> dict[str, int]:
    """
    How many texts a release has, and about how many tokens, from `TRIED` of its texts.

    With `most`, only the first texts are encoded whose characters may have so many bytes. Raises
    `Problem` T005 where the tokenizer has no tokens for what the texts are written in.
    """
    texts: list[str] = []
    documents, size = 0, 0
    files = released.files("data")
    for path in files:
        with pq.ParquetFile(path) as file:
            documents += file.metadata.num_rows
            column = file.schema_arrow.get_field_index("text")
            groups = [file.metadata.row_group(k) for k in range(file.metadata.num_row_groups)]
            size += sum(group.column(column).total_uncompressed_size for group in groups)
            batch = next(file.iter_batches(TRIED, columns=["text"], use_threads=False), None)
            step = max(1, TRIED // len(files))
            texts += batch.column("text").to_pylist()[:step] if batch and len(texts) < TRIED else []
    if most is not None:
        ends = np.cumsum([len(text) * 3 for text in texts])
        texts = texts[: int(np.searchsorted(ends, most)) + 1]
    _, lengths, unknown = encoded(tokenizer, texts)
    outside = len(tokenizer.before) + len(tokenizer.after)
    inside = int(lengths.sum()) - outside * len(texts)
    read = sum(len(text.encode()) for text in texts)
    if read and (not inside or unknown.sum() > MOST_UNKNOWN * inside):
        share = f"{100 * unknown.sum() / max(inside, 1):.0f}%" if inside else "100%"
        raise Problem("T005", path=tokenizer.path, share=share)
    ratio = inside / max(read, 1)
    return {"documents": documents, "tokens": int(size * ratio) + outside * documents}


def _ready(
    release: Path, setup: Setup, by: Sequence[str]
) -> tuple[Released, Tokenizer, dict[str, Any]]:
    """
    The release and the tokenizer, and what decides the tokens, as `tokens.json` has it.

    Raises `Problem`: T006 and T007 where the release is not whole, T008 where a column is missing
    that is asked for, T009 and T042 where splits are asked for that cannot be.
    """
    released = find_released(release)
    if released.release is None:
        raise Problem("T006", path=str(release))
    tokenizer = setup.load()
    files = []
    for file in released.run["outputs"]:
        if not file["path"].startswith("data/"):
            continue
        path = released.release / file["path"]
        if not path.is_file() or path.stat().st_size != file["bytes"]:
            raise Problem("T007", path=str(path))
        files.append([file["path"], file["rows"], file["sha256"]])
        known = pq.read_schema(path).names
        for column in (*by, setup.group):
            if column not in known:
                near = nearest(column, known)
                raise Problem("T008", column=column, path=str(release), near=near)
    if setup.validation + setup.test and "splits" in released.run:
        raise Problem("T042", path=str(release))
    if setup.validation + setup.test >= 1:
        raise Problem("T009", share=f"{setup.validation + setup.test:g}")
    splits = {"validation": setup.validation, "test": setup.test, "seed": setup.seed}
    return (
        released,
        tokenizer,
        {"tokenizer": tokenizer.about(), "split": {**splits, "group": setup.group}, "files": files},
    )


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(out, error) from error
    return out


def _there(piece: Piece) -> bool:
    return shard.read_sidecar(Path(piece.out), piece.fingerprint) is not None


def _complete(out: Path, record: dict[str, Any]) -> bool:
    sizes = {f"{name}.bin": split["bytes"] for name, split in record["splits"].items()}
    return (out / "documents.parquet").is_file() and all(
        (out / name).is_file() and (out / name).stat().st_size == size
        for name, size in sizes.items()
    )


def _merged(out: Path, pieces: Sequence[Piece], tokenizer: Tokenizer) -> dict[str, Any]:
    """Write the `.bin` and `.idx` of each split that has texts; what they are."""
    used = {"train"}
    for piece in pieces:
        split = shard.read_table(Path(piece.out), ["split"]).column("split").to_numpy()
        used |= {SPLITS[k] for k in np.unique(split).tolist()}
    written = {}
    for number, name in enumerate(SPLITS):
        if name not in used:
            for end in ("bin", "idx"):
                (out / f"{name}.{end}").unlink(missing_ok=True)
            continue
        lengths: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        tokens, sha256 = write_ids(out / f"{name}.bin", _ids(pieces, number, lengths))
        documents = np.concatenate(lengths)
        shard.write_bytes(out / f"{name}.idx", index_bytes(tokenizer.dtype, documents))
        written[name] = {
            "documents": int(documents.size),
            "tokens": tokens,
            "bytes": tokens * tokenizer.dtype.itemsize,
            "sha256": sha256,
        }
    return written


def _ids(
    pieces: Sequence[Piece], split: int, lengths: list[NDArray[np.int64]]
) -> Iterator[NDArray[Any]]:
    """The ids of a split, piece by piece; what each text has is appended to `lengths`."""
    for piece in pieces:
        table = shard.read_table(Path(piece.out), ["tokens", "split", "ids"])
        size = table.column("tokens").to_numpy()
        wanted = table.column("split").to_numpy() == split
        if not wanted.any():
            continue
        lengths.append(size[wanted])
        ids = table.column("ids").combine_chunks().flatten().to_numpy()
        yield ids if wanted.all() else ids[np.repeat(wanted, size)]


def _buckets(released: Released) -> list[str]:
    """The columns of the release's buckets."""
    return [
        name for name in pq.read_schema(released.files("data")[0]).names if name.startswith(PREFIX)
    ]


def _counts(documents: Documents) -> dict[str, dict[str, dict[str, int]]]:
    """Texts and tokens by the words of columns, in the order of the words."""
    return {
        column: {
            word: {"documents": count[0], "tokens": count[1]}
            for word, count in sorted(words.items())
        }
        for column, words in documents.counts.items()
    }
