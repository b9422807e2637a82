"""
HTML: how much of the main text is kept, how much boilerplate is let through, and how fast.

`python -m benchmarks.extraction --corpus DIR` reads the pages in DIR/raw/html. What is main text
is said here by hand, site by site, by the ids and classes of that site alone (`SITES`), and cut
out by lxml: nothing of it knows our extractor. Parts on which people differ, such as a table of
contents inside an article, count for neither side. Real pages with their main text marked, in
DIR/raw/pages, are scored before them (`marked_pages.py`).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from statistics import mean
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import html as lxml_html
from resiliparse.extract.html2text import extract_plain_text

from benchmarks import marked_pages
from benchmarks.measuring import folder_of_raw, peer, percent, seconds, table
from seimai.pipeline.decode import decode_as
from seimai.pipeline.ingest.pages.html import extract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

SHINGLE = 12
"""Characters in a shingle: long enough that chance does not find them elsewhere in the page."""

NO_TEXT = ("script", "style", "noscript", "template", "button", "select", "rt", "rp", "rtc")


class Site(NamedTuple):
    """What is what on the pages of one site, as XPath."""

    main: str
    boilerplate: str = ""
    """Inside `main`."""
    either: str = ""
    """Inside `main`: neither missed nor blamed."""


def _class(*names: str) -> str:
    return "|".join(
        f"descendant::*[contains(concat(' ',@class,' '),' {name} ') or @id='{name}']"
        for name in names
    )


DOCBOOK = Site("//body", _class("navheader", "navfooter"), _class("toc", "list-of-tables"))
SITES = {
    "httpd": Site(
        "//div[@id='page-content']",
        _class("toplang", "bottomlang", "top", "up"),
        _class("quickview", "outofdate", "category", "topics", "seealso"),
    ),
    "egov-law": Site("//body"),
    "libreoffice": Site("//div[@id='DisplayArea']", "", _class("relatedtopics")),
    "gimp-help": DOCBOOK,
    "debian-faq": DOCBOOK,
    "debian-reference": DOCBOOK,
    "debian-policy": Site("//div[@role='main']", _class("headerlink")),
    "lilypond": Site(
        "//div[@id='main']", _class("nav_table", "footer"), _class("contents", "menu")
    ),
    "scilab": Site("//body", _class("manualnavbar", "path")),
    "htmlstandard": Site(
        "//body", "descendant::header|descendant::nav", _class("toc", "mdn-anno", "index")
    ),
    "kicad": Site("//div[@id='content']"),
}
"""By the beginning of the file's name."""


class Page(NamedTuple):
    """A page, and the shingles of its parts."""

    site: str
    source: str
    main: set[str]
    boilerplate: set[str]


def main() -> None:
    """Print one table over all pages and, when asked, one of each site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", help="folder that has raw/html")
    parser.add_argument("--sites", action="store_true", help="also a table by site")
    options = parser.parse_args()
    marked = folder_of_raw(options.corpus, "pages")
    if marked:
        marked_pages.compare(marked, kinds=options.sites)
    folder = folder_of_raw(options.corpus, "html")
    if folder is None:
        return
    pages = _pages(folder)
    size = sum(len(page.source.encode()) for page in pages) / 1e6
    print(f"{len(pages)} pages, {size:.1f} MB\n")
    tools = _tools()
    spent = seconds({name: _all_of(tool, pages) for name, tool in tools.items()}, rounds=2)
    rows = []
    by_site = []
    for name, tool in tools.items():
        marks = [(page.site, *_mark(page, tool(page.source))) for page in pages]
        rows.append([name, *_means(marks), f"{size / spent[name]:.1f}"])
        by_site += [[site, name, *_means(of)] for site, of in _grouped(marks).items()]
    shares = ["main text kept", "boilerplate let through", "main text in the output"]
    table(["", *shares, "MB/s"], rows)
    if options.sites:
        table(["site", "tool", *shares], sorted(by_site))


def _tools() -> dict[str, Callable[[str], str]]:
    """Each extractor as it comes: a page in, a text out."""
    tools: dict[str, Callable[[str], str]] = {
        "this, main": lambda page: extract(page)[0],
        "this, all": lambda page: extract(page, "all")[0],
        "resiliparse, main content": lambda page: str(extract_plain_text(page, main_content=True)),
        "resiliparse, all text": lambda page: str(extract_plain_text(page)),
    }
    trafilatura = peer("trafilatura")
    if trafilatura:
        tools["trafilatura"] = lambda page: trafilatura.extract(page) or ""
    return tools


def _all_of(tool: Callable[[str], str], pages: list[Page]) -> Callable[[], object]:
    return lambda: [tool(page.source) for page in pages]


def _pages(folder: Path) -> list[Page]:
    pages = []
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        path = folder.parent / entry["file"]
        name = next((name for name in SITES if path.name.startswith(name)), None)
        source = decode_as(path.read_bytes(), entry["charset"])
        page = _page(name, source) if name else None
        if page is None:
            print(f"({path.name}: no rule fits this page, it is left out)")
        else:
            pages.append(page)
    return pages


def _page(name: str, source: str) -> Page | None:
    site = SITES[name]
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True)
    root = lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    _drop(root.iter("head", *NO_TEXT))
    whole = _shingles(_text(root))
    found = root.xpath(site.main)
    if not found:
        return None
    _drop(part for element in found for part in _inside(element, site.boilerplate))
    wide = _shingles("".join(map(_text, found)))
    _drop(part for element in found for part in _inside(element, site.either))
    return Page(name, source, _shingles("".join(map(_text, found))), whole - wide)


def _inside(element: Any, path: str) -> list[Any]:
    return element.xpath(path) if path else []


def _drop(elements: Iterable[Any]) -> None:
    for element in list(elements):
        element.drop_tree()


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _shingles(text: str) -> set[str]:
    """Runs of letters: marks and numbers of lists, cells and widths of blanks do not count."""
    letters = re.sub(r"[\W\d_]+", "", text)
    return {letters[k : k + SHINGLE] for k in range(max(len(letters) - SHINGLE + 1, 0))}


def _mark(page: Page, text: str) -> tuple[float | None, float | None, float | None]:
    """Share of main text kept, of boilerplate let through, and of the output that is main text."""
    got = _shingles(text)
    main, rest = len(got & page.main), len(got & page.boilerplate)
    return (
        main / len(page.main) if page.main else None,
        rest / len(page.boilerplate) if page.boilerplate else None,
        main / (main + rest) if main + rest else None,
    )


def _grouped(marks: list[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    groups = defaultdict(list)
    for mark in marks:
        groups[mark[0]].append(mark)
    return dict(groups)


def _means(marks: list[tuple[str, ...]]) -> list[str]:
    """Every page counts the same; a share of nothing is left out."""
    columns = list(zip(*(mark[1:] for mark in marks), strict=True))
    kept = [[share for share in column if share is not None] for column in columns]
    return [percent(mean(column)) if column else "–" for column in kept]


if __name__ == "__main__":
    main()
