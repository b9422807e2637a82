"""
HTML: real pages whose main text was marked by hand, and how near the extractors come to it.

`python -m benchmarks.marked_pages --corpus DIR` reads DIR/raw/pages (`manifest.jsonl` with
`html`, `truth`, `site`, `kind`, `charset`, `recall_only`); `benchmarks.extraction` calls it too.
Texts are compared as multisets of 5 characters without white space; those of the title count
neither way. Of `recall_only` pages the truth is a list of sentences, each there or not. `HELD`
sites, one in three of the hashes of their names, were held out of the first round of tuning and
looked at for the second, so their column is no longer blind (pipeline/ingest/FIGURES.md).
"""

from __future__ import annotations

import argparse
import hashlib
import html
import json
import re
from collections import Counter
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

from resiliparse.extract.html2text import extract_plain_text

from benchmarks.measuring import folder_of_raw, peer, seconds, table
from seimai.pipeline.decode import decode_as
from seimai.pipeline.ingest.pages.html import extract

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GRAM = 5
"""Characters that are compared at once: long enough for meaning, short enough for headlines."""
HELD = 2
"""The residue, modulo 3, of the hash of the sites that were held out."""

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)


class Marked(NamedTuple):
    """A page, and what is its main text."""

    site: str
    kind: str
    source: str
    truth: str
    recall_only: bool

    @property
    def is_held_out(self) -> bool:
        """Whether its site was left out of the first round of tuning."""
        return int(hashlib.sha256(self.site.encode()).hexdigest(), 16) % 3 == HELD


class Score(NamedTuple):
    """Of one page; precision and F1 are None where only the recall can be told."""

    recall: float
    precision: float | None
    f1: float | None


def pages_of(folder: Path) -> list[Marked]:
    """The pages of a folder."""
    found = []
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        source = decode_as((folder / entry["html"]).read_bytes(), entry["charset"])
        truth = (folder / entry["truth"]).read_text("utf-8")
        only = bool(entry["recall_only"])
        found.append(Marked(entry["site"], entry["kind"], source, truth, only))
    return found


def grams(text: str) -> Counter[str]:
    """
    Runs of `GRAM` characters, blanks left out.

    >>> sorted(grams("川の 町へ行く"))
    ['の町へ行く', '川の町へ行']
    """
    letters = re.sub(r"\s+", "", text)
    return Counter(letters[k : k + GRAM] for k in range(len(letters) - GRAM + 1))


def score(page: Marked, text: str) -> Score:
    """How near a text comes to the main text of a page."""
    if page.recall_only:
        got = re.sub(r"\s+", "", text)
        wanted = [re.sub(r"\s+", "", line) for line in page.truth.split("\n") if line.strip()]
        there = sum(len(line) for line in wanted if line in got)
        return Score(there / sum(map(len, wanted)), None, None)
    found, truth = grams(text), grams(page.truth)
    title = _TITLE.search(page.source)
    for gram in grams(html.unescape(title[1])) if title else ():
        found.pop(gram, None)
        truth.pop(gram, None)
    same = (found & truth).total()
    recall = same / truth.total() if truth else 1.0
    precision = same / found.total() if found else 0.0
    both = recall + precision
    return Score(recall, precision, 2 * recall * precision / both if both else 0.0)


def tools() -> dict[str, Callable[[str], str]]:
    """The extractors as they come: a page in, a text out."""
    known: dict[str, Callable[[str], str]] = {
        "this": lambda page: extract(page)[0],
        "resiliparse, main content": lambda page: str(extract_plain_text(page, main_content=True)),
    }
    trafilatura, readability, justext = (
        peer(name) for name in ("trafilatura", "readability", "justext")
    )
    if trafilatura:
        known["trafilatura"] = lambda page: trafilatura.extract(page) or ""
    if readability:
        known["readability-lxml"] = lambda page: str(
            extract_plain_text(readability.Document(page).summary())
        )
    if justext:
        known["jusText"] = lambda page: "\n".join(
            part.text
            for part in justext.justext(page, frozenset(), stopwords_low=0, stopwords_high=0)
            if not part.is_boilerplate
        )
    return known


def compare(folder: Path, *, kinds: bool) -> None:
    """Print a table over all pages, those of held-out sites, and when asked one by kind."""
    pages = pages_of(folder)
    size = sum(len(page.source.encode()) for page in pages) / 1e6
    held = [page.is_held_out for page in pages]
    print(f"{len(pages)} marked pages, {size:.1f} MB, {sum(held)} of held-out sites\n")
    used = tools()
    spent = seconds({name: _all_of(tool, pages) for name, tool in used.items()}, rounds=2)
    rows, by_kind = [], []
    for name, tool in used.items():
        scores = [score(page, _guarded(tool, page.source)) for page in pages]
        ours = [one for one, out in zip(scores, held, strict=True) if not out]
        theirs = [one for one, out in zip(scores, held, strict=True) if out]
        rows.append([name, *_means(ours), *_means(theirs), f"{size / spent[name]:.1f}"])
        for kind in sorted({page.kind for page in pages}):
            of = [one for one, page in zip(scores, pages, strict=True) if page.kind == kind]
            by_kind.append([kind, name, len(of), *_means(of)])
    shares = ["recall", "precision", "F1"]
    table(["", *shares, *(f"{share}, held out" for share in shares), "MB/s"], rows)
    if kinds:
        table(["kind", "tool", "pages", *shares], sorted(by_kind))


def _all_of(tool: Callable[[str], str], pages: list[Marked]) -> Callable[[], object]:
    return lambda: [_guarded(tool, page.source) for page in pages]


def _guarded(tool: Callable[[str], str], page: str) -> str:
    try:
        return tool(page)
    except Exception:  # noqa: BLE001 - a peer that gives up has read nothing
        return ""


def _means(scores: list[Score]) -> list[str]:
    columns = ([share for share in column if share is not None] for column in zip(*scores))  # noqa: B905
    return [f"{mean(column):.3f}" if column else "–" for column in columns]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", help="folder that has raw/pages")
    parser.add_argument("--kinds", action="store_true", help="also a table by kind of page")
    options = parser.parse_args()
    folder = folder_of_raw(options.corpus, "pages")
    if folder:
        compare(folder, kinds=options.kinds)


if __name__ == "__main__":
    main()
