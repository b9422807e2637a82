"""
HTML: the marked pages again, with what the extractor could cling to taken away.

`python -m benchmarks.changed_pages --corpus DIR` reads DIR/raw/pages (`marked_pages.py`), changes
each page in one way at a time, and scores what comes out: names replaced by made-up ones, elements
that say what they are by `div`, and so on. A rule that needs a site's names shows here as a fall
against the pages as they are; the text that is wanted stays the same.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from statistics import mean
from typing import TYPE_CHECKING, TypeAlias

from benchmarks.marked_pages import Marked, pages_of, score
from benchmarks.measuring import folder_of_raw, table
from seimai.pipeline.ingest.pages.html import extract
from seimai.pipeline.ingest.pages.page_source import source_of

if TYPE_CHECKING:
    from collections.abc import Callable

_MARKUP = re.compile(
    r"(<(script|style)\b.*?</\2>|<!--.*?-->)|<(/?)([a-zA-Z][^\s/>]*)((?:[^>\"]|\"[^\"]*\")*)>",
    re.DOTALL,
)
_VALUE = re.compile(r'\s([^\s=>/"]+)="([^"]*)"')
_SAYS = {"role", "itemprop", "itemtype", "itemscope"}
_IDENTS = {"class", "id", "for", "name", "aria-controls", "aria-labelledby"}
_PLAIN = {
    "main", "article", "section", "aside", "header", "footer", "nav", "figure", "figcaption",
}  # fmt: skip
_FRAMES = {"main", "article", "section", "aside", "header", "footer"}

Tag: TypeAlias = "Callable[[str, str, str], str]"
"""What a tag becomes: `/` or nothing, its name, its attributes."""


def _tags(source: str, tag: Tag, *, scripts: bool = True) -> str:
    def change(found: re.Match[str]) -> str:
        if found[1]:
            return found[1] if scripts or "ld+json" not in found[1][:200] else ""
        return tag(found[3], found[4], found[5])

    return _MARKUP.sub(change, source)


def _made_up(words: str, site: str) -> str:
    digests = (hashlib.sha256(f"{site}|{word}".encode()).hexdigest() for word in words.split())
    return " ".join("q" + "".join(chr(97 + int(d, 16)) for d in one[:6]) for one in digests)


def nameless(source: str, site: str) -> str:
    """Made-up names for classes, ids and what refers to them; no roles, schema.org or `data-`."""

    def value(found: re.Match[str]) -> str:
        name, said = found[1].lower(), found[2]
        if name in _SAYS or name.startswith("data-"):
            return ""
        if name in _IDENTS:
            said = _made_up(said, site)
        elif name == "href" and said.startswith("#") and len(said) > 1:
            said = f"#{_made_up(said[1:], site)}"
        return f' {found[1]}="{said}"'

    def tag(close: str, name: str, said: str) -> str:
        return f"<{close}{name}{said if name == 'meta' else _VALUE.sub(value, said)}>"

    return _tags(source, tag)


def plain(source: str, _: str) -> str:
    """Elements that say what they are as `div`."""
    return _tags(
        source, lambda close, name, said: f"<{close}{'div' if name in _PLAIN else name}{said}>"
    )


def wrapped(source: str, _: str) -> str:
    """Elements around elements that hold nothing else."""

    def tag(close: str, name: str, said: str) -> str:
        if name not in _FRAMES:
            return f"<{close}{name}{said}>"
        return f"</{name}></div></div>" if close else f"<div><div><{name}{said}>"

    return _tags(source, tag)


def unstructured(source: str, _: str) -> str:
    """Without JSON-LD."""
    return _tags(source, lambda close, name, said: f"<{close}{name}{said}>", scripts=False)


def minified(source: str, _: str) -> str:
    """Without blanks between elements."""
    return re.sub(r">\s+<", "><", source)


WAYS: dict[str, tuple[Callable[[str, str], str], ...]] = {
    "as it is": (),
    "made-up names": (nameless,),
    "plain elements": (plain,),
    "wrapped": (wrapped,),
    "no JSON-LD": (unstructured,),
    "minified": (minified,),
    "names, elements, JSON-LD": (nameless, plain, unstructured),
}


def _changed(page: Marked, way: tuple[Callable[[str, str], str], ...]) -> str:
    source = source_of(page.source).decode("utf-8", "replace")
    for change in way:
        source = change(source, page.site)
    return source


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", help="folder that has raw/pages")
    folder = folder_of_raw(parser.parse_args().corpus, "pages")
    if not folder:
        return
    pages = pages_of(folder)
    rows = []
    for name, way in WAYS.items():
        scores = [score(page, extract(_changed(page, way))[0]) for page in pages]
        row = [name]
        for held in (False, True):
            ours = [
                one for one, page in zip(scores, pages, strict=True) if page.is_held_out == held
            ]
            whole = [one for one in ours if one.precision is not None and one.f1 is not None]
            row += [
                f"{mean(one.recall for one in ours):.3f}",
                f"{mean(one.precision or 0 for one in whole):.3f}",
                f"{mean(one.f1 or 0 for one in whole):.3f}",
            ]
        rows.append(row)
    shares = ["recall", "precision", "F1"]
    table(["", *shares, *(f"{share}, held out" for share in shares)], rows)


if __name__ == "__main__":
    main()
