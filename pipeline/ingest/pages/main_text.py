"""
Which elements of a page are not its main text: menus, breadcrumbs, footers, lists of other pages.

A page says so itself, by elements (`nav`, `footer`), roles, and names of classes and ids. Some
names say it for certain; others (`menu`, `related`) are believed only of an element without
running text. What is not certain stays, and the limits judge it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROLES = frozenset(
    {"navigation", "search", "contentinfo", "banner", "complementary", "dialog", "alertdialog"}
)
"""Roles that an element gives itself when it is not the main text."""

DOUBTFUL = "aside,footer,form,body>header,body>div>header"
"""Elements that nearly always frame the text, but may hold it: a form around a whole page, a note
in an `aside`. They go unless they have running text or a heading."""

CERTAIN = (
    'nav,menu,dialog,[hidden],[aria-hidden=true],[style*="display:none"],[style*="display: none"]'
)
"""What never is the main text, or is not seen."""

_START = r"(?:^|[_-]|(?-i:(?<=[a-z0-9])(?=[A-Z])))"
_END = r"(?:$|[\d_-]|(?-i:(?<=[a-z])(?=[A-Z])))"

_SURE = re.compile(
    r"nav(?:bar|header|footer)|breadcrumb|bread_crumb|topic_?path|pan_?kuzu|パンくず|sphinxsidebar|"
    rf"{_START}(?:[gls]?nav(?:i|igation|list|menu)?|gmenu|side[_-]?(?:bar|menu|nav|column)|footer|sns|"
    r"social|cookies?|page[_-]?(?:navi|top)|pag(?:er|ination)|prev[_-]?next|next[_-]?prev|"
    r"back-?to-?top|skip(?:link|nav)?|toplang|bottomlang)"
    rf"{_END}",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    rf"^(?:site|page|global|g)?[_-]?header(?:area|[_-]?inner|[_-]?wrap(?:per)?)?$|^(?:path|side)$|"
    rf"{_START}(?:menu|foot|share|related|recommend(?:ed|ation)?s?|ranking|advert\w*|ads?|adsense|"
    r"sponsor(?:ed)?|banners?|toc|contents-list|search(?:box|form)?|langs?|language|copyrights?|"
    r"consent|newsletter|subscribe|login|popular)"
    rf"{_END}",
    re.IGNORECASE,
)
_AROUND = re.compile(r"^(?:has|no|with|without)[_-]", re.IGNORECASE)
"""`has-sidebar` is around the text, not beside it."""

_NAMES = re.compile(
    r"""=(?:(?<=\sclass=)|(?<=\sid=)|(?<=\srole=))\s*("[^"\\<>]+"|'[^'\\<>]+'|[^\s"'\\<>]+)""",
    re.IGNORECASE,
).findall
"""Classes, ids and roles with their quotation marks. `=` is what the engine can search fast."""

_STOP = re.compile(r"[a-z)][.](?=\s)").findall
"""The end of a sentence in Latin letters; "1. " is a number."""

WHOLES = "html,body,main,article,code,pre,span,a,h1,h2,h3,em,b,i,tt,label"
"""Elements that are never boilerplate by name: too large, or a part of a sentence."""

LONGEST_NAME = 200
MOST_NAMES = 200
"""Different names of boilerplate in one page; more are noise."""

SKIP = "data-seimai-skip"
"""The attribute that marks what is left out."""

LEAST_SHARE = 0.2
"""With less than this left of a page, some element did not mean what it says. Menus of hundreds of
links do make up three quarters of real pages."""

MOST_SHARE = 0.5
"""An element with more of the page than this is the page, whatever it is called."""

LINKED = 40
"""Unless it has a link in so many characters: menus can be longer than the page they frame."""

LARGE = 500
"""Characters below which nobody asks whether an element is the page."""

RUNNING = 3
"""So many sentences outside links are running text; a footer has one or two."""

MOST_WEIGHED = 300
"""Elements of a page that are weighed. Real pages have a dozen; thousands, one inside the other,
would cost the square of it."""


def mark_boilerplate(body: Any, page: str, whole: Callable[[], int]) -> None:
    """
    Mark with `SKIP` what in the body of a page is boilerplate by its name or its element.

    `page` is the source, `whole` gives the length of all text and is called only when needed.
    """
    last = None
    for node in body.query_selector_all(_selector(page))[:MOST_WEIGHED]:
        if last is not None and last.contains(node):
            continue
        if not _is_main(node, whole):
            node.setattr(SKIP, "")
            last = node


def mark_small(body: Any, whole: int) -> None:
    """Mark again where too little was left: only what is a small part of the page."""
    for node in body.query_selector_all(f"[{SKIP}],{CERTAIN}")[:MOST_WEIGHED]:
        if _is_page(node, node.text or "", whole):
            node.delattr(SKIP)
        else:
            node.setattr(SKIP, "")


def _selector(page: str) -> str:
    """
    The elements that could be boilerplate, by what they are or by a name they have.

    The names are looked for in the source: a page has many elements and few different names.
    """
    found = sorted({raw.strip("\"'") for raw in set(_NAMES(page)) if kind_of(raw)})[:MOST_NAMES]
    if not found:
        return DOUBTFUL
    roles = [f'[role="{name}"]' for name in found if name in ROLES]
    names = [f'[{which}="{name}"]' for name in found for which in ("class", "id")]
    return f"{DOUBTFUL},:is({','.join(roles + names)}):not({WHOLES})"


def _is_main(node: Any, whole: Callable[[], int]) -> bool:
    text = node.text or ""
    sure = any(kind_of(node.getattr(which) or "") == "sure" for which in ("class", "id", "role"))
    if len(text) > LARGE and _is_page(node, text, whole()):
        return True
    if sure:
        return False
    sentences = _sentences(text)
    if sentences >= RUNNING:
        links = node.query_selector_all("a")
        if len(links) > MOST_WEIGHED:
            return False
        return sentences - sum(_sentences(link.text or "") for link in links) >= RUNNING
    return node.query_selector("h1") is not None


def _is_page(node: Any, text: str, whole: int) -> bool:
    if len(text) <= whole * MOST_SHARE:
        return False
    return len(text) > LINKED * len(node.query_selector_all("a"))


def _sentences(text: str) -> int:
    return text.count("。") or len(_STOP(text))


@lru_cache(maxsize=1 << 16)
def kind_of(names: str) -> str:
    """
    What the value of a `class`, `id` or `role` says: `sure` or `likely` boilerplate, or nothing.

    >>> [kind_of(name) for name in ("gNavi", "post sns-btn", "related", "has-sidebar", "canal")]
    ['sure', 'sure', 'likely', '', '']
    """
    if len(names) > LONGEST_NAME:
        return ""
    words = [word for word in names.strip("\"'").split() if not _AROUND.search(word)]
    if any(word in ROLES or _SURE.search(word) for word in words):
        return "sure"
    return "likely" if any(map(_LIKELY.search, words)) else ""
