"""
Licences by one name each, whatever a site, a record or a recipe calls them.

`CC BY 4.0`, `cc-by-4.0` and `https://creativecommons.org/licenses/by/4.0/deed.ja` are one licence;
what is recognised by no rule here keeps its own words, in small letters with hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

UNKNOWN = "unknown"

_LINK = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z+-]+)(?:/([0-9.]+))?")
_CC = re.compile(
    r"(?:cc|creative-commons)-?((?:by)(?:-(?:nc|nd|sa))*)(?:-v?([0-9]\.[0-9]))?(?:-.*)?"
)
_ZERO = re.compile(r"(?:cc-?0|cc-?zero|creative-commons-zero)(?:-.*)?")
_PUBLIC = frozenset({"public-domain", "publicdomain", "pd", "cc-pdm", "pdm", "パブリックドメイン"})
_OTHER_LINKS = {
    "apache.org/licenses/license-2.0": "apache-2.0",
    "opensource.org/licenses/mit": "mit",
    "gnu.org/licenses/gpl-3.0": "gpl-3.0",
    "gnu.org/licenses/fdl-1.3": "gfdl-1.3",
    "data.go.jp/terms-of-use": "政府標準利用規約",
}


@lru_cache(maxsize=1 << 12)
def licence_key(name: str) -> str:
    """
    The one name of a licence.

    >>> [licence_key(name) for name in ("CC BY-SA 4.0", "CC0", "Public Domain", "独自", "")]
    ['cc-by-sa-4.0', 'cc0-1.0', 'public-domain', '独自', 'unknown']
    """
    small = name.strip().lower()
    link = _LINK.search(small)
    if link:
        kind, which, version = link.groups()
        if kind == "publicdomain":
            return "cc0-1.0" if which == "zero" else "public-domain"
        return f"cc-{which}-{version}" if version else f"cc-{which}"
    for part, found in _OTHER_LINKS.items():
        if part in small:
            return found
    words = re.sub(r"[\s_]+", "-", small)
    if not words:
        return UNKNOWN
    if words in _PUBLIC:
        return "public-domain"
    if _ZERO.fullmatch(words):
        return "cc0-1.0"
    match = _CC.fullmatch(words)
    if match:
        return f"cc-{match[1]}-{match[2]}" if match[2] else f"cc-{match[1]}"
    return words


def is_allowed(name: str, allowed: Sequence[str]) -> bool:
    """
    Whether a licence is one of those allowed; `-*` at the end of one stands for any version.

    >>> is_allowed("CC BY 4.0", ["CC-BY-*"]), is_allowed("CC BY-NC 4.0", ["CC-BY-*"])
    (True, False)
    """
    key = licence_key(name)
    return any(_pattern(one).fullmatch(key) for one in allowed)


@lru_cache(maxsize=1 << 10)
def _pattern(allowed: str) -> re.Pattern[str]:
    if allowed.endswith("*"):
        return re.compile(re.escape(licence_key(allowed.rstrip("*- "))) + r"(?:-v?[0-9][0-9.]*)?")
    return re.compile(re.escape(licence_key(allowed)))
