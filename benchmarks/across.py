"""
What `across` finds: planted families of pages among the texts of a collection.

`python -m benchmarks.across --corpus DIR [--pages 20] [--others 5]` puts pages of `families.py`
among the texts of DIR (`*.jsonl*` with `kind`, `labelled/` where it is there) and runs the stages
up to the counts. Of each sort of pages it prints how many go at which limit, duplicates included,
and of each kind of the collection how many texts go that grouping had left. Kinds that lose nothing
at the lowest limit are left out.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pyarrow as pa

from benchmarks.families import TEMPLATES, pages
from benchmarks.families_held import GOOD, HELD
from benchmarks.measuring import table
from benchmarks.planted import sentences_of
from seimai.pipeline import across, shard
from seimai.pipeline.engine.run import run
from seimai.pipeline.recipe import Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIMITS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.7)

SORTS = ("plain", "spun", "mixed")

FOREIGN = (
    "夜のあいだに降った雨で、庭の石がまだ黒くぬれている。",
    "彼女は古い手紙を一枚ずつ読みかえし、返事を書かないまま引き出しにしまった。",
    "峠をこえると、谷の底に小さな明かりがいくつか見えた。",
    "祖父の時計は三年前からとまったままで、だれもねじを巻こうとしない。",
    "市場の朝は早く、魚をのせた車が暗いうちから列をつくる。",
    "子どものころに植えた柿の木が、いつのまにか屋根より高くなっていた。",
)
"""What mixed pages take between their sentences where there is no collection."""


def main() -> None:
    """Print both tables for each signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--pages", type=int, default=20, help="pages of each template and sort")
    parser.add_argument("--others", type=int, default=5, help="`texts` of the recipe")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        planted = Path(folder) / "planted.jsonl"
        others = sentences_of(str(options.corpus)) if options.corpus else FOREIGN
        rows = [
            orjson.dumps({"text": text, "kind": f"{called} {sort}"})
            for called, templates in (("planted", TEMPLATES), ("held", HELD))
            for sort in SORTS
            for _, text in pages(templates, sort, options.pages, options.seed, others)
        ]
        rows += [
            orjson.dumps({"text": text, "kind": f"good {name}"})
            for name, texts in GOOD.items()
            for text in texts
        ]
        planted.write_bytes(b"\n".join(rows))
        files = [str(planted)]
        if options.corpus:
            found = sorted(options.corpus.glob("*.jsonl*")) + [
                one
                for name in ("genres", "raw-web")
                for one in options.corpus.glob(f"labelled/{name}.jsonl*")
            ]
            files += [str(one) for one in found if "known" not in one.name]
        kinds, kept, numbers = counted(files, options.others, Path(folder) / "out")
    for name in (across.TEMPLATE, across.REPEATED):
        print(f"\n{name}, texts: {options.others}\n")
        _print(kinds, kept, numbers[name])


def counted(
    files: list[str], others: int, out: Path
) -> tuple[NDArray[Any], NDArray[np.bool_], dict[str, NDArray[np.float32]]]:
    """Kind, whether grouping left it, and both signals, for each text of some files."""
    recipe = Recipe.model_validate(
        {
            "recipe": "across",
            "source": [{"name": "all", "files": files, "text": "text"}],
            "clean": ["line_ends", "width"],
            "dedup": {"similarity": 0.8},
            "across": {"texts": others},
        }
    )
    run(recipe, out, workers=1)
    stages = out / "stages"
    kinds: list[str] = []
    kept, numbers = [], []
    for path in sorted((stages / "text").glob("*.parquet")):
        kinds += map(_kind, shard.read_table(path, ["extra"])["extra"].to_pylist())
        kept.append(shard.read_table(stages / "verdict" / path.name, ["kept"])["kept"])
        numbers.append(shard.read_table(stages / across.STAGE / path.name))
    table_ = pa.concat_tables(numbers)
    flags = pa.chunked_array([chunk for one in kept for chunk in one.chunks])
    return (
        np.array(kinds),
        flags.to_numpy().astype(bool),
        {name: np.nan_to_num(table_[name].to_numpy()) for name in across.NAMES},
    )


def _kind(extra: str | None) -> str:
    told = orjson.loads(extra) if extra else {}
    if "kind" in told:
        return str(told["kind"])
    if "label" in told:
        return f"raw {told.get('set')} {told['label']}"
    return f"genre {told.get('genre')}"


def _print(kinds: NDArray[Any], kept: NDArray[np.bool_], numbers: NDArray[np.float32]) -> None:
    rows = []
    for kind, count in sorted(Counter(kinds.tolist()).items()):
        planted = kind.startswith(("planted", "held", "good"))
        of = (kinds == kind) if planted else (kinds == kind) & kept
        gone = [(numbers[of] > limit) | ~kept[of] for limit in LIMITS]
        if of.any() and (gone[0].any() or planted):
            shares = (f"{100 * one.mean():.2f}" for one in gone)
            left = int((kept & of).sum())
            rows.append((kind, f"{int(of.sum()):,}", f"{count - left:,}", *shares))
    table(("kind", "texts", "duplicates", *(f"> {limit}" for limit in LIMITS)), rows)


if __name__ == "__main__":
    main()
