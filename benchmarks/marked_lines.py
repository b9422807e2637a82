"""
Texts whose lines were marked by hand: which are of the page around a text, and which are the text.

They come from DIR/labelled (`residue.jsonl`, and pages of `raw-web.jsonl` by the numbers in
residue_marks.tsv here), from whole pages of DIR/raw/pages, whose lines are of the text if the
marked main text has them, and from tests/filters/cleaners/marked_lines.txt. `benchmarks.residue`
measures and trains with them.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import zstandard
from lxml import html

from seimai.pipeline.decode import decode_as

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = Path(__file__).parents[1] / "tests" / "filters" / "cleaners" / "marked_lines.txt"
MARKS = Path(__file__).parent / "residue_marks.tsv"

FOLDS = 5
"""Parts of a cross-validation."""
MOST_GOOD = 150
"""Texts of each good kind."""
SHARED = 5
"""Characters at once in which lines of a whole page and its main text are compared."""
OF_TEXT, OF_PAGE = 0.7, 0.3
"""Share of these that makes a line the text's, and below which it is of the page."""
SURE_LENGTH, LONG_ENOUGH, FEWEST_LINES = 30, 12, 5
"""Characters of a line that is the text's by most of its letters, and of one by standing in it."""
_BLOCKS = (
    " p div li ul ol tr table h1 h2 h3 h4 h5 h6 section article br dt dd dl form option select "
    "header footer nav td th main aside blockquote pre figure figcaption button label "
)
_BLANK = " \t\r\n\v\f\u0085\u00a0\u3000\u200b\ufeff\u2028"


class Page(NamedTuple):
    """A text whose lines were marked."""

    group: str
    name: str
    lines: list[str]
    residue: set[int]
    neither: set[int]

    @property
    def is_held_out(self) -> bool:
        """Whether it is of the third that the rules were not set on."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 3 == 0

    @property
    def fold(self) -> int:
        """The part of a cross-validation it belongs to."""
        return hashlib.sha256(b"fold " + self.name.encode()).digest()[0] % FOLDS


UNFIT = frozenset(["p069"])
"""Lists of hundreds of teasers, of which the marked text is one."""


def marked(corpus: Path) -> list[Page]:
    """All marked pages that are there; blank lines left out."""
    found = [*_given(corpus), *_numbered(corpus), *_whole(corpus / "raw" / "pages"), *_own()]
    return [_without_blank(page) for page in found]


def _without_blank(page: Page) -> Page:
    stay = [k for k, line in enumerate(page.lines) if line.strip(_BLANK)]
    new = {old: k for k, old in enumerate(stay)}
    return page._replace(
        lines=[page.lines[k] for k in stay],
        residue={new[k] for k in page.residue if k in new},
        neither={new[k] for k in page.neither if k in new},
    )


def _records(path: Path) -> list[dict[str, Any]]:
    with path.open("rb") as file:
        content = zstandard.ZstdDecompressor().stream_reader(file).read()
    return [json.loads(line) for line in content.decode().split("\n") if line]


def _given(corpus: Path) -> Iterator[Page]:
    for one in _records(corpus / "labelled" / "residue.jsonl.zst"):
        yield Page("given", one["id"], one["lines"], set(one["residue"]), set())


def _numbered(corpus: Path) -> Iterator[Page]:
    texts = {one["id"]: one["text"] for one in _records(corpus / "labelled" / "raw-web.jsonl.zst")}
    for row in MARKS.read_text("utf-8").splitlines()[1:]:
        name, residue, neither = row.split("\t")
        lines = texts[name].split("\n")
        yield Page("own marks", name, lines, _numbers(residue), _numbers(neither))


def _numbers(listed: str) -> set[int]:
    """
    The numbers of a list with ranges.

    >>> sorted(_numbers("1-3,7"))
    [1, 2, 3, 7]
    """
    found: set[int] = set()
    for part in filter(None, listed.split(",")):
        begin, _, end = part.partition("-")
        found |= set(range(int(begin), int(end or begin) + 1))
    return found


def _own() -> Iterator[Page]:
    for block in OWN.read_text("utf-8").split("\n=== ")[1:]:
        name, *lines = [line for line in block.splitlines() if not line.startswith("--- ")]
        residue = {k for k, line in enumerate(lines) if line.startswith("#")}
        yield Page("written", name, [line.removeprefix("#") for line in lines], residue, set())


def _whole(folder: Path) -> Iterator[Page]:
    for row in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(row)
        if entry["recall_only"]:
            continue
        source = decode_as((folder / entry["html"]).read_bytes(), entry["charset"])
        lines = _lines_of(source)
        truth = (folder / entry["truth"]).read_text("utf-8")
        residue, neither = _compared(lines, truth)
        if len(lines) >= FEWEST_LINES and entry["id"] not in UNFIT:
            yield Page("whole pages", entry["id"], lines, residue, neither)


def _lines_of(source: str) -> list[str]:
    """All lines of a page that is shown, as a browser breaks them."""
    root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", source))
    for unseen in root.xpath("//script|//style|//noscript|//head|//comment()|//template"):
        if unseen.getparent() is not None:
            unseen.drop_tree()
    parts: list[str] = []

    def walk(element: Any) -> None:
        breaks = "\n" * (f" {element.tag} " in _BLOCKS)
        parts.extend((breaks, re.sub(r"\s+", " ", element.text or "")))
        for child in element:
            walk(child)
            parts.append(re.sub(r"\s+", " ", child.tail or ""))
        parts.append(breaks)

    walk(root)
    return [line.strip() for line in "".join(parts).split("\n") if line.strip()]


def _compared(lines: list[str], truth: str) -> tuple[set[int], set[int]]:
    """Which lines are not of the marked main text, and which are neither sure to be nor not."""
    bare = [re.sub(r"\s", "", line) for line in lines]
    whole = re.sub(r"\s", "", truth)
    known = {whole[k : k + SHARED] for k in range(len(whole))}
    own = {re.sub(r"\s", "", line) for line in truth.split("\n")}
    residue: set[int] = set()
    neither: set[int] = set()
    for k, line in enumerate(bare):
        if line in own or (len(line) >= LONG_ENOUGH and line in whole):
            continue
        grams = [line[j : j + SHARED] for j in range(max(1, len(line) - SHARED + 1))]
        share = sum(gram in known for gram in grams) / len(grams)
        if share < OF_PAGE:
            residue.add(k)
        elif share < OF_TEXT or len(line) < SURE_LENGTH:
            neither.add(k)
    return residue, neither


def good_texts(corpus: Path) -> list[str]:
    """Texts of all good kinds, from each the first by a hash of their ids."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    files = [corpus / "labelled" / "genres.jsonl.zst", *sorted(corpus.glob("web-0000[0-2].*"))]
    for one in (record for file in files for record in _records(file)):
        kind = one.get("genre") or one["kind"]
        if one.get("lang", "ja") == "ja" and not kind.startswith("noise"):
            key = hashlib.sha256(one["id"].encode()).hexdigest()
            kinds.setdefault(f"{kind} {one.get('source')}", []).append((key, one["text"]))
    return [text for found in kinds.values() for _, text in sorted(found)[:MOST_GOOD]]
