"""
What the names of elements say: classes, ids and roles that sites give to menus, lists and notes.

A name is a hint, not a verdict: `main_text.py` asks what is in the element. Some names are `sure`
(a `gnav` is a menu), others `likely` (`menu` may be that of a restaurant), others name what readers
wrote (`comments`) or the main text itself (`entry-content`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["", "sure", "likely", "weak", "comments", "main"]

ROLES = frozenset(
    {"navigation", "search", "contentinfo", "banner", "complementary", "dialog", "alertdialog"}
)
"""Roles that an element gives itself when it is not the main text."""

_START = r"(?:^|[_-]|(?-i:(?<=[a-z0-9])(?=[A-Z])))"
_END = r"(?:$|[\d_-]|(?-i:(?<=[a-z])(?=[A-Z])))"

_SURE = re.compile(
    r"nav(?:bar|box|igator|header|footer)|breadcrumb|bread_crumb|topic_?path|pan_?kuzu|パンくず|sphinxsidebar|"
    rf"{_START}(?:[gls]?nav(?:i|igation|list|menu)?|gmenu|megamenu|drawer|hamburger|"
    r"side[_-]?(?:bar|menu|nav|column)|footer|sns|social|cookies?|gdpr|page[_-]?(?:navi|top)|"
    r"pag(?:er|ination)|prev[_-]?next|next[_-]?prev|back-?to-?top|skip(?:link|nav)?|toplang|"
    r"bottomlang)"
    rf"{_END}",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    r"^(?:site|page|global|g|l|c|p)?[_-]?header(?:area|[_-]?inner|[_-]?wrap(?:per)?)?$|^path$|"
    rf"{_START}(?:menu(?:bar)?|foot|share|sharedaddy|addtoany|catlinks|kou?koku|relat(?:ed|ion)\w*|recommend(?:ed|ation)?s?|rank(?:ing)?s?|"
    r"advert\w*|ads?|adsense|sponsor(?:ed)?|banners?|bnr|toc|contents-list|search(?:box|form)?|"
    r"langs?|language|copyrights?|consent|newsletter|subscribe|login|popular|popup|modal|overlay|"
    r"recent\w*|latest\w*|new-?(?:articles?|entry|entries|posts?)|article-?list|pick-?up|"
    r"tag-?(?:list|cloud)|trackbacks?|referer\w*|blog-?parts|outbrain|taboola|popin|hdr|ftr|paywall|"
    r"(?:left|right)-?(?:col(?:umn)?|menu|side|bar|area)|con_right|sub-?col(?:umn)?|secondary|yjnSub)"
    rf"{_END}",
    re.IGNORECASE,
)
_WEAK = re.compile(
    rf"^sub$|{_START}(?:side|sub-?(?:contents?|area)|tertiary|aside|tags?|keywords?|categor(?:y|ies)|"
    r"archives?|calendar|profile|author-?(?:info|box|profile)|plugin|widget|bookmark|buttons?|btns?|"
    r"follow|pr|promo(?:tion)?|campaign|topics?|trend\w*|regist(?:er|ration)|notice-?bar|utility|"
    rf"tools?|toolbar|meta|print){_END}",
    re.IGNORECASE,
)
"""Names that are those of lists and boxes beside the text, and of tables in it."""
_COMMENTS = re.compile(
    r"^(?:disqus_thread|fb-comments|respond|commentform|comments?|comments?-?(?:list|area|section|box|"
    r"body|head|post|wrap(?:per)?|block)s?|commentlist|js-comments?|entry-?comments?|article-?comments?|"
    r"post-?comments?|l?-?comments?|blog-?comments?|asset-comments|"
    r"(?:users?|visitors?|readers?|members?|submitted)[_-]?comments?(?:[_-][a-z]+){0,2})$",
    re.IGNORECASE,
)
_MAIN = re.compile(
    r"^(?:(?:entry|post|article|news|story|page|asset|main|detail|blog)[_-]?"
    r"(?:body|content|contents|text|txt|detail|main|inner|story)\d?|h-?entry|hatenablog-entry|"
    r"skin-?entryBody|articleBody\w*|articleText|note-common-styles__textnote-body|"
    r"markdown-body|mw-parser-output|main-?(?:column|area|contents?|text)?|contents?|honbun)$",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"^(?:has|no|is|with|without|not)[_-]|[_-](?:open|closed|enabled|disabled)$", re.IGNORECASE
)
"""`has-sidebar` is around the text, not beside it."""
_SLUG = re.compile(
    r"^(?:category|tag|cat|tax|term|post_tag|post|type|status|format|author|page|postid|pageid|"
    r"page-id|parent-pageid|single|menu-item)-[\w%.-]+$",
    re.IGNORECASE,
)
"""What WordPress writes on an article and on `body`: its categories, tags and numbers."""
_POST = re.compile(r"(?:^|\s)(?:hentry|h-entry|post-\d+|type-\w+|postid-\d+|wp-singular)(?:\s|$)")

LONGEST_NAME = 200
"""Characters of a value that is looked at; longer ones are those of style sheets by utility."""


@lru_cache(maxsize=1 << 16)
def kind_of(names: str) -> Kind:
    """
    What the value of a `class`, an `id` or a `role` says of its element, or nothing.

    >>> [kind_of(name) for name in ("gNavi", "post sns-btn", "related", "has-sidebar", "canal")]
    ['sure', 'sure', 'likely', '', '']
    >>> [kind_of(name) for name in ("post-55 hentry category-sns", "entry-content", "comment-list")]
    ['main', 'main', 'comments']
    """
    said = [word for word in names[:LONGEST_NAME].split() if not _AROUND.search(word)]
    if _POST.search(names):
        said = [word for word in said if not _SLUG.match(word)]
    if any(word.lower() in ROLES or _SURE.search(word) for word in said):
        return "sure"
    if any(map(_COMMENTS.match, said)):
        return "comments"
    if any(map(_MAIN.match, said)):
        return "main"
    if any(map(_LIKELY.search, said)):
        return "likely"
    return "weak" if any(map(_WEAK.search, said)) else ""
