"""
What a page says in JSON-LD of its own text: articles, recipes, products, questions.

Sites that scripts fill, and recipes and shops beside them, write their text there for search
engines (schema.org). It is asked only where the page itself shows little of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline.ingest.pages.page_tree import codes
from seimai.pipeline.kernels.page import CLOSE, INNER, START

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.pages.page_tree import Page

_SCRIPT = codes("script")
_BODY = re.compile(r'"articleBody"\s*:\s*("(?:[^"\\]|\\.)*+")', re.DOTALL)
"""The `articleBody` in JSON that no parser takes."""
_CONTROL = re.compile(r"[\x00-\x1f]")
"""Line ends inside strings, which JSON forbids and browsers' own parsers do not forgive either."""

DESCRIBED = frozenset(
    ("Recipe", "Product", "ProductGroup", "Event", "JobPosting", "Course", "Book", "VideoObject",
     "SoftwareApplication", "HowTo", "TouristAttraction")
)  # fmt: skip
"""Types whose `description` is the text of the page; that of an article is its first lines only."""
BODIES = ("articleBody", "reviewBody", "text", "transcript")
DEEPEST = 12
"""Levels of lists and objects that are looked into."""
MOST = 5000
"""Objects of a page that are looked at."""
_GRAPHS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")


def structured(page: Page, least: int = 0) -> Iterator[str]:
    """What stands in scripts of JSON-LD, those of fewer than `least` bytes left out."""
    if b"ld+json" not in page.data:
        return
    table = page.table
    for row in page.rows_of(_SCRIPT):
        inner = table.item(row, INNER)
        if page.data.find(b"ld+json", table.item(row, START), inner) >= 0:
            piece = page.data[inner : table.item(row, CLOSE)]
            if len(piece) < least:
                continue
            yield piece.decode("utf-8", "replace")


def body_of(page: Page, least: int = 0) -> list[str]:
    """
    The text of the page as JSON-LD has it, in pieces with their markup, if any.

    The longest text of an article or a post; of a recipe, a product, an event or questions the
    description, the ingredients, the steps and the answers, a piece each. What has fewer than
    `least` characters is not looked at.
    """
    longest: list[str] = []
    for said in structured(page, least):
        if len(said) < least:
            continue
        whole = _parsed(said)
        if whole is None:
            found = [[_string(match[1])] for match in _BODY.finditer(said)]
        else:
            found = [list(_lines(one)) for one in _objects(whole)]
        longest = max([longest, *found], key=lambda pieces: sum(map(len, pieces)))
    return longest


def _parsed(said: str) -> Any:
    """JSON as it is, or with line ends in its strings mended; None for what is none."""
    for one in (said, _CONTROL.sub(" ", said).strip().rstrip(";")):
        try:
            return orjson.loads(one)
        except orjson.JSONDecodeError:
            continue
    return None


def _string(written: str) -> str:
    try:
        return str(orjson.loads(written.replace("\n", "\\n").replace("\t", "\\t")))
    except orjson.JSONDecodeError:
        return ""


def _objects(whole: Any) -> Iterator[dict[str, Any]]:
    """The objects of a graph that are things of their own, in their order."""
    left = MOST
    stack = [(whole, 0)]
    while stack and left:
        one, depth = stack.pop()
        left -= 1
        if isinstance(one, list) and depth < DEEPEST:
            stack += [(part, depth + 1) for part in reversed(one)]
        elif isinstance(one, dict):
            yield one
            if depth < DEEPEST and "FAQPage" not in _types(one):
                stack += [(one[name], depth + 1) for name in _GRAPHS if name in one]


def _types(one: dict[str, Any]) -> list[Any]:
    said = one.get("@type")
    return said if isinstance(said, list) else [said]


def _lines(one: dict[str, Any]) -> Iterator[str]:
    """What one object says, in pieces."""
    types = _types(one)
    if "FAQPage" in types:
        for question in _listed(one.get("mainEntity")):
            if isinstance(question, dict):
                yield from _texts(question.get("name"))
                yield from _texts(question.get("acceptedAnswer"))
        return
    if any(isinstance(name, str) and name in DESCRIBED for name in types):
        yield from _texts(one.get("description"))
        yield from _texts(one.get("recipeIngredient"))
        yield from _texts(one.get("recipeInstructions") or one.get("step"))
        return
    yield max(("\n".join(_texts(one.get(name))) for name in BODIES), key=len)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """The texts of a value: a string, a list, steps and sections of steps, an answer."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, list) and depth < DEEPEST:
        for one in value[:MOST]:
            yield from _texts(one, depth + 1)
    elif isinstance(value, dict) and depth < DEEPEST:
        if "itemListElement" in value:
            yield from _texts(value.get("name"), depth + 1)
            yield from _texts(value["itemListElement"], depth + 1)
        else:
            yield from _texts(value.get("text") or value.get("name"), depth + 1)
