"""
Verdicts of a recipe on labelled text: what it keeps of the good, and what it lets through.

`python -m benchmarks.quality --corpus DIR --recipe configs/web.yaml` runs the recipe as it
stands, duplicates apart, over

- DIR/labelled/raw-web.jsonl*: pages of crawls with `set`, `label` (keep, drop, borderline);
- DIR/labelled/genres.jsonl*: good texts with `genre`;
- DIR/*.jsonl*: texts with `kind`, the first `--per-kind` of each; `noise_*` and `negative` are
  dirt.

Every text is judged twice, as it is and with its line breaks turned into spaces, as many
extractors leave it. `--part held` looks at the third of the texts (of the genres: of the genres)
that limits were not set on, `--part tuned` at the rest; which is which says a hash.

`quality.dirt_score` as it is shipped has learned from most of these texts. `--score FILE` puts
another model in its place, such as that of `benchmarks.dirt_score --unseen FILE`, which has seen
nothing that is held out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import zstandard

from benchmarks.measuring import percent, table
from seimai.pipeline.engine.run import run
from seimai.pipeline.recipe import load_recipe, with_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
HELD_OUT = 3
"""One text in so many is held out."""

LEAST_LENGTH = 100
"""Characters of a genre's text that a recipe for the web has to keep."""

JOINED = "#joined"
DIRT = ("noise", "negative")


def main() -> None:
    """Print the tables of one recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True, help="folder that has labelled")
    parser.add_argument("--recipe", default=str(ROOT / "configs" / "web.yaml"))
    parser.add_argument("--part", choices=["all", "tuned", "held"], default="all")
    parser.add_argument("--per-kind", type=int, default=150, help="texts of each kind of DIR")
    parser.add_argument("--score", help="a model in place of quality.dirt_score")
    parser.add_argument("--verdicts", help="write a line of JSON with the reasons of each text")
    options = parser.parse_args()
    texts = [
        text
        for text in _labelled(Path(options.corpus), options.per_kind)
        if options.part == "all" or text["held"] == (options.part == "held")
    ]
    with tempfile.TemporaryDirectory(prefix="seimai-quality-") as folder:
        recipe = Path(options.recipe)
        if options.score:
            recipe = _with_score(recipe, Path(options.score), Path(folder))
        reasons = verdicts(texts, str(recipe))
    print(f"# {options.recipe} on {len(texts)} texts ({options.part})\n")
    _raw_web(texts, reasons)
    _kept_by(texts, reasons, "genres", "genre")
    _kept_by(texts, reasons, "corpora", "kind")
    _joining(texts, reasons)
    if options.verdicts:
        lines = [
            {key: text[key] for key in ("id", "part", "set", "kind", "length")}
            | {"reasons": reasons[text["id"]], "joined": reasons[text["id"] + JOINED]}
            for text in texts
        ]
        Path(options.verdicts).write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8"
        )


def _with_score(recipe: Path, model: Path, folder: Path) -> Path:
    """A copy of the recipe in which a model stands wherever the shipped score did."""
    text = recipe.read_text("utf-8").replace("quality.dirt_score", "model.dirt_score")
    copy = folder / recipe.name
    models = json.dumps({"dirt_score": str(model.resolve())})
    copy.write_text(f"models: {models}\n{text}", "utf-8")
    return copy


def verdicts(texts: list[dict[str, Any]], recipe: str) -> dict[str, list[str]]:
    """The reasons of each id, none if it is kept; of joined texts under `id#joined`."""
    with tempfile.TemporaryDirectory(prefix="seimai-quality-") as folder:
        source = Path(folder) / "texts.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for text in texts:
                for mark, content in (
                    ("", text["text"]),
                    (JOINED, " ".join(text["text"].split("\n"))),
                ):
                    row = {"id": text["id"] + mark, "text": content}
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
        loaded = with_sources(load_recipe(recipe, signals=None, cleaners=None), [str(source)])
        loaded = loaded.model_copy(update={"dedup": None})
        out = Path(folder) / "out"
        run(loaded, out, workers=1)
        found: dict[str, list[str]] = {}
        for part in ("data", "rejected"):
            for path in sorted((out / "release" / part).glob("*.parquet")):
                rows = pq.read_table(path).to_pylist()
                found |= {row["id"]: list(row.get("reasons") or []) for row in rows}
    # What could not be read at all (a record without text) is no verdict, and no loss either.
    every = [text["id"] + mark for text in texts for mark in ("", JOINED)]
    return {name: found.get(name, ["not read"]) for name in every}


def _labelled(corpus: Path, per_kind: int) -> Iterator[dict[str, Any]]:
    for row in _rows(corpus / "labelled", "raw-web"):
        yield _text(row, "raw web", row["set"], row["label"], row["id"])
    for row in _rows(corpus / "labelled", "genres"):
        yield _text(row, "genres", "genres", row["genre"], f"genre:{row['genre']}")
    taken: Counter[str] = Counter()
    for path in sorted(corpus.glob("*.jsonl*")):
        if "known" in path.name:
            continue
        for row in _records(path):
            kind = f"negative_{row['lang']}" if row["kind"] == "negative" else row["kind"]
            taken[kind] += 1
            if taken[kind] <= per_kind:
                yield _text(row, "corpora", "corpora", kind, row["id"])
        if taken and min(taken.values()) >= per_kind:
            break


def _text(row: dict[str, Any], part: str, of: str, kind: str, key: str) -> dict[str, Any]:
    held = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % HELD_OUT == 0
    text = row["text"]
    return {
        "id": row["id"], "part": part, "set": of, "kind": kind, "held": held,
        "text": text, "length": len(text),
    }  # fmt: skip


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(f"{name}.jsonl*")):
        yield from _records(path)


def _records(path: Path) -> Iterator[dict[str, Any]]:
    data = path.read_bytes()
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data).read()
    for line in data.decode("utf-8").split("\n"):
        if line:
            yield json.loads(line)


def _raw_web(texts: list[dict[str, Any]], reasons: dict[str, list[str]]) -> None:
    rows = []
    for of in sorted({text["set"] for text in texts if text["part"] == "raw web"}):
        for mark, name in (("", of), (JOINED, f"{of}, lines joined")):
            some = [text for text in texts if text["set"] == of and text["kind"] != "borderline"]
            kept = [text for text in some if not reasons[text["id"] + mark]]
            good = sum(text["kind"] == "keep" for text in kept)
            wanted = sum(text["kind"] == "keep" for text in some)
            precision = good / max(len(kept), 1)
            recall = good / max(wanted, 1)
            dirt = sum(text["length"] for text in kept if text["kind"] == "drop")
            rows.append([
                name, len(some), f"{precision:.3f}", f"{recall:.3f}",
                f"{2 * precision * recall / max(precision + recall, 1e-9):.3f}",
                percent(dirt / max(sum(text["length"] for text in kept), 1)),
            ])  # fmt: skip
    table(["raw web", "texts", "precision", "recall", "F1", "dirt among characters"], rows)


def _kept_by(
    texts: list[dict[str, Any]], reasons: dict[str, list[str]], part: str, what: str
) -> None:
    groups = defaultdict(list)
    for text in texts:
        short = part == "genres" and text["length"] < LEAST_LENGTH
        if text["part"] == part and not short:
            groups[text["kind"]].append(text)
    rows = []
    for kind, some in sorted(groups.items()):
        kept = [sum(not reasons[text["id"] + mark] for text in some) for mark in ("", JOINED)]
        lost = Counter(reason for text in some for reason in reasons[text["id"]])
        dirt = kind.startswith(DIRT)
        rows.append([
            kind, len(some), "rejected" if dirt else "kept",
            *(percent((len(some) - k if dirt else k) / len(some)) for k in kept),
            "" if dirt else ", ".join(f"{name} {count}" for name, count in lost.most_common(3)),
        ])  # fmt: skip
    table([what, "texts", "should be", "as it is", "lines joined", "lost by"], rows)


def _joining(texts: list[dict[str, Any]], reasons: dict[str, list[str]]) -> None:
    rows = []
    for part in ("raw web", "genres", "corpora"):
        some = [text for text in texts if text["part"] == part]
        changed = sum(
            bool(reasons[text["id"]]) != bool(reasons[text["id"] + JOINED]) for text in some
        )
        if some:
            rows.append([part, len(some), changed, percent(changed / len(some))])
    table(["lines joined", "texts", "verdicts changed", "share"], rows)


if __name__ == "__main__":
    main()
