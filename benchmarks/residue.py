"""
How much of a page `boilerplate` leaves in texts, and how its second opinion is trained.

`python -m benchmarks.residue --corpus DIR` asks the cleaner about lines that were marked by hand
(`marked_lines.py`), and with `--out FILE` writes the model (filters/data/residue_lines.tsv),
trained on all of them and on good texts of the corpora.

Figures are characters: what stays that is of the page, and what goes that is of the text. Pages
are dealt into folds by a hash of their name, and each is judged by a model that has not seen its
fold; a third of the pages, by another hash, is shown apart, since the rules were set on the rest.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import minimize

from benchmarks.marked_lines import FOLDS, Page, good_texts, marked
from benchmarks.measuring import table
from seimai.filters.residue.opinion import (
    COARSE,
    LINE_FACTS,
    PLACE_FACTS,
    Seen,
    asked_lines,
    restrained,
    told,
)
from seimai.filters.residue.weighing import BORDER, EDGE, Rules, weighed
from seimai.pipeline import kernels
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Doubles = NDArray[np.float64]

FINE = kernels.opinion.FINE
PENALTY = 100.0
"""On the square of each weight, facts counted in their standard deviations. With 30 more goes, of
the page and of the text."""
LEAST_DEVIATION = 0.1
"""Facts that hardly ever differ are not blown up further than this."""
ROUNDS = 80
LONGEST_COUNTED = 120
POWER = 0.7
"""A line counts by its characters, up to so many, to this power: they are what is measured, but
a long one is no surer mark than a short one."""
CRAWLED = 2.0
"""Lines of crawled texts count so much more than those of whole pages."""
GOOD = 1.0
"""Lines of good texts count so much: there are many of them."""


# --- training --------------------------------------------------------------------------------


class Lines(NamedTuple):
    """The lines of some pages, those in texts that the model is asked about."""

    values: NDArray[np.float32]
    """A row per line: facts, the same in every window, lines there, places."""
    asked: NDArray[np.int64]
    """Which lines of all they are."""


def described(texts: Texts) -> tuple[Lines, Rules, Seen]:
    """What a model sees of the lines of a batch, what the rules say of them, and have seen."""
    rules, seen = weighed(texts)
    which, begins = asked_lines(texts, seen)
    own, places = kernels.opinion.tell(begins, *told(texts, seen, which))
    first, stop = (np.repeat(ends, np.diff(begins)) for ends in (begins[:-1], begins[1:]))
    at = np.arange(which.size)
    sums = np.concatenate([np.zeros((1, own.shape[1])), np.cumsum(own, axis=0)])
    parts = [own]
    there = []
    windows = kernels.opinion.WINDOWS.tolist()
    near = [(np.maximum(at - width, first), at, width) for width in windows]
    near += [(at + 1, np.minimum(at + 1 + width, stop), width) for width in windows]
    for begin, end, width in near:
        parts.append((sums[end] - sums[begin]) / width)
        there.append((end - begin) * FINE / width)
    parts += [np.stack(there, axis=1), places]
    values = (np.concatenate(parts, axis=1) / FINE).astype(np.float32)
    return Lines(values, which), rules, seen


def fit(values: NDArray[np.float32], residue: Doubles, weight: Doubles) -> tuple[Doubles, float]:
    """Weights and bias of a logistic regression."""
    middle, deviation = values.mean(0), np.maximum(values.std(0), LEAST_DEVIATION)
    scaled = np.column_stack([(values - middle) / deviation, np.ones(len(values), np.float32)])

    def loss(found: Doubles) -> tuple[float, Doubles]:
        said = (scaled @ found.astype(np.float32)).astype(np.float64)
        chance = 1 / (1 + np.exp(-said))
        slope = (scaled.T @ (weight * (chance - residue)).astype(np.float32)).astype(np.float64)
        slope[:-1] += PENALTY * found[:-1]
        cost = weight @ (np.logaddexp(0, said) - residue * said)
        return cost + PENALTY * (found[:-1] ** 2).sum() / 2, slope

    start = np.zeros(scaled.shape[1])
    options = {"maxiter": ROUNDS}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    weights = found[:-1] / deviation
    return weights, float(found[-1] - weights @ middle)


def line_weights(page: Page) -> Doubles:
    """How much the lines of a page count: long pages less than all their lines."""
    sizes = np.minimum([len(line) for line in page.lines], LONGEST_COUNTED) ** POWER
    crawled = CRAWLED if page.group in {"given", "own marks"} else 1.0
    counted: Doubles = crawled * 8 * sizes / np.sqrt(sizes.sum())
    return counted


def write(path: Path, weights: Doubles, bias: float) -> None:
    """The model as rows of whole numbers: see `opinion.read_weights`."""
    names, wide = LINE_FACTS, kernels.opinion.WIDE
    lines = np.rint(weights[: wide * len(names)] * COARSE).astype(int).reshape(wide, len(names)).T
    there = np.rint(weights[wide * len(names) :][: wide - 1] * COARSE).astype(int)
    alone = np.rint(np.array([*weights[wide * len(names) + wide - 1 :], bias]) * COARSE).astype(int)
    head = [
        "fact",
        "itself",
        *(f"{way} {n}" for way in ("above", "below") for n in kernels.opinion.WINDOWS),
    ]
    rows = [head]
    rows += [[name, *map(str, row)] for name, row in zip(names, lines.tolist(), strict=True)]
    rows.append(["there is a line", "0", *map(str, there.tolist())])
    rows += [[n, str(v)] for n, v in zip((*PLACE_FACTS, "bias"), alone.tolist(), strict=True)]
    path.write_text("".join("\t".join(row) + "\n" for row in rows), "utf-8")


# --- figures ---------------------------------------------------------------------------------


class Count(NamedTuple):
    """Characters of some pages."""

    residue: int
    left: int
    text: int
    lost: int


def counted(page: Page, gone: Flags) -> Count:
    """What went of a page, and what of its text."""
    sizes = [len(line) for line in page.lines]
    text = [k for k in range(len(sizes)) if k not in page.residue | page.neither]
    return Count(
        sum(sizes[k] for k in page.residue),
        sum(sizes[k] for k in page.residue if not gone[k]),
        sum(sizes[k] for k in text),
        sum(sizes[k] for k in text if gone[k]),
    )


def shares(counts: Iterable[Count]) -> list[str]:
    """Residue before, residue left, and text lost, in percent."""
    residue, left, text, lost = map(sum, zip(*counts, strict=True))
    before, stays, loss = residue / (residue + text), left / (left + text - lost), lost / text
    return [f"{100 * share:.2f}" for share in (before, stays, loss)]


def main() -> None:
    """Train in folds, print the table, and write the model when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="write the model here")
    options = parser.parse_args()
    pages = marked(options.corpus)
    texts = [Texts.of("\n".join(page.lines)) for page in pages]
    seen = [described(one) for one in texts]
    good = Texts.of(*good_texts(options.corpus))
    known, good_rules, good_seen = described(good)
    sizes = np.minimum(good.lines.length[known.asked], LONGEST_COUNTED)
    background = GOOD * 0.1 * sizes**POWER
    values, residue, weight, fold = [known.values], [0 * background], [background], []
    dealt = np.arange(background.size) // 400 % FOLDS
    fold.append(dealt)
    for page, (lines, _, _) in zip(pages, seen, strict=True):
        marks = np.array([k in page.residue for k in lines.asked], np.float64)
        counts = np.array([k not in page.neither for k in lines.asked], np.float64)
        values.append(lines.values)
        residue.append(marks)
        weight.append(line_weights(page)[lines.asked] * counts)
        fold.append(np.full(marks.size, page.fold))
    x, y, w, f = (np.concatenate(part) for part in (values, residue, weight, fold))
    rows: dict[tuple[str, bool, str], list[Count]] = {}
    models = [fit(x[f != k], y[f != k], w[f != k]) for k in range(FOLDS)]
    for page, one, (lines, rules, known_of) in zip(pages, texts, seen, strict=True):
        opinion = np.zeros(len(page.lines), np.float32)
        weights, bias = models[page.fold]
        opinion[lines.asked] = lines.values @ weights + bias
        opinion = restrained(opinion, known_of)
        for name, said in (("rules", 0 * opinion), ("rules and model", opinion)):
            gone = kernels.runs.gone_runs(one.lines.first, *rules, said, BORDER, EDGE)
            rows.setdefault((page.group, page.is_held_out, name), []).append(counted(page, gone))
    table(
        ["pages", "", "", "before, %", "left, %", "text lost, %"],
        [[group, "held out" if held else "", name, *shares(counts)]
         for (group, held, name), counts in rows.items()],
    )  # fmt: skip
    opinion = np.zeros(good.lines.start.size, np.float32)
    for k, (weights, bias) in enumerate(models):
        opinion[known.asked[dealt == k]] = known.values[dealt == k] @ weights + bias
    opinion = restrained(opinion, good_seen)
    for name, said in (("rules", 0 * opinion), ("rules and model", opinion)):
        gone = kernels.runs.gone_runs(good.lines.first, *good_rules, said, BORDER, EDGE)
        lost = good.lines.length[gone].sum() / good.lines.length.sum()
        print(f"good texts, {name}: {100 * lost:.3f} % of {good.lines.length.sum():,} lost")
    if options.out:
        write(options.out, *fit(x, y, w))


if __name__ == "__main__":
    main()
