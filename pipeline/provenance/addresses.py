"""
Addresses in one spelling: small letters, Punycode, no port, no user, no dot at the end.

`https://WWW.例え.jp./` and `xn--r8jz45g.jp` are the same host to a list (RFC 3490; browsers follow
UTS 46, which differs in signs that no host of ours has).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_DOTS = re.compile("[。．｡]")
_LONGEST_LABEL = 63
MOST_LABELS, MOST_PARTS = 32, 16
"""Labels of a host and parts of a path that are looked at; the rest decides nothing."""


@lru_cache(maxsize=1 << 14)
def host_name(host: str) -> str:
    """
    A host in the one spelling; empty where it is none.

    >>> host_name("WWW.Example.JP."), host_name("例え。jp"), host_name("xn--r8jz45g.jp")
    ('www.example.jp', 'xn--r8jz45g.jp', 'xn--r8jz45g.jp')
    """
    if host.isascii():
        return host.strip(".").lower()
    folded = unicodedata.normalize("NFKC", _DOTS.sub(".", host)).lower().strip(".")
    return ".".join(map(_label, folded.split(".")))


def _label(label: str) -> str:
    if label.isascii():
        return label
    coded = label.encode("punycode", "ignore").decode("ascii")
    return f"xn--{coded}" if len(coded) < _LONGEST_LABEL else label


def host_and_path(url: str) -> tuple[str, str]:
    """
    The host of an address in its one spelling, and its path without query and slashes around it.

    >>> host_and_path("https://user@例え.jp:8080/a/b/?q=1"), host_and_path("example.jp")
    (('xn--r8jz45g.jp', 'a/b'), ('example.jp', ''))
    """
    rest = url.strip()
    if "://" in rest:
        rest = rest.partition("://")[2]
    elif rest.startswith("//"):
        rest = rest[2:]
    elif (scheme := _SCHEME.match(rest)) and not rest[scheme.end() :].split("/")[0].isdigit():
        return "", ""  # mailto:, data:, file:; but not host:8080
    for sign in "?#":
        rest = rest.partition(sign)[0]
    authority, _, path = rest.replace("\\", "/").partition("/")
    host = authority.rpartition("@")[2]
    if not host.startswith("["):
        host = host.partition(":")[0]
    return host_name(host), path.strip("/")


def listed_under(url: str) -> Iterator[str]:
    """
    Every entry of a list that an address is under: its host, what that is part of, its paths.

    >>> list(listed_under("https://a.example.jp/x/y"))
    ['a.example.jp', 'a.example.jp/x', 'a.example.jp/x/y', 'example.jp', 'example.jp/x', \
'example.jp/x/y', 'jp']
    """
    host, path = host_and_path(url)
    if not host:
        return
    labels = host.split(".")[-MOST_LABELS:]
    parts = path.split("/")[:MOST_PARTS] if path else []
    for k in range(len(labels)):
        domain = ".".join(labels[k:])
        yield domain
        if "." in domain:
            for j in range(len(parts)):
                yield f"{domain}/{'/'.join(parts[: j + 1])}"
