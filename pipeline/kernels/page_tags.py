"""The elements of HTML by name, as numbers that a kernel can look up."""

from __future__ import annotations

import numpy as np

INLINE, BLOCK, UNSEEN, VOID, RAW, APART = 0, 1, 2, 4, 8, 16
"""What an element is: part of a line, a line of its own, without text that is seen, without an end,
without markup inside, never main text."""

TAGS: dict[str, int] = dict.fromkeys(
    ("a", "b", "big", "em", "font", "i", "s", "small", "span", "strong", "tt", "u", "label", "ruby",
     "rb", "rtc", "code", "cite", "q", "time", "abbr", "sub", "sup", "ins", "del", "mark", "object",
     "video", "audio"), INLINE
) | dict.fromkeys(
    ("html", "body", "div", "p", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody",
     "tfoot", "tr", "td", "th", "caption", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote",
     "section", "article", "main", "aside", "header", "footer", "form", "fieldset", "figure",
     "figcaption", "address", "center", "details", "summary", "hgroup", "dir", "legend",
     "amp-list"), BLOCK
) | dict.fromkeys(("head", "template", "textarea", "select", "svg", "math", "rt", "rp", "canvas",
                   "datalist", "button"), BLOCK | UNSEEN
) | dict.fromkeys(("rt", "rp", "svg", "math", "select", "button", "title", "noscript"), UNSEEN
) | dict.fromkeys(("script", "style", "iframe", "noembed", "noframes"), UNSEEN | RAW
) | dict.fromkeys(("xmp", "plaintext"), BLOCK | RAW
) | dict.fromkeys(("area", "base", "basefont", "bgsound", "col", "embed", "frame", "img", "input",
                   "keygen", "link", "meta", "param", "source", "track", "wbr"), VOID
) | dict.fromkeys(("br", "hr"), BLOCK | VOID
) | dict.fromkeys(("nav", "menu", "dialog", "amp-sidebar", "amp-ad", "search"),
                  BLOCK | APART)  # fmt: skip
"""Elements by name; others are parts of a line."""

NAMES = ("", *sorted(TAGS))
"""The name of a tag's number; 0 is a name that is not known."""
CODE = {name: code for code, name in enumerate(NAMES)}


def packed(name: bytes) -> int:
    """A name as a number, as the walk computes it."""
    number = 0
    for byte in name:
        number = (number * 131 + byte) & 0xFFFFFFFFFFFFFFF
    return number


SLOTS = 2048
"""Places of the table of names: a power of two that is large enough for `_shift`."""


def _shift(names: list[int]) -> int:
    """By how many bits numbers of names are shifted to fall into places of their own."""
    for bits in range(1, 50):
        if len({(name ^ name >> bits) % SLOTS for name in names}) == len(names):
            return bits
    raise AssertionError("more SLOTS")


PACKED = np.array([0, *(packed(name.encode()) for name in NAMES[1:])], np.int64)
KINDS = np.array([TAGS.get(name, 0) for name in NAMES], np.int64)
"""The number of the name of each tag, and what each tag is, for the kernel."""
SHIFT = _shift(PACKED[1:].tolist())
TAG_AT = np.zeros(SLOTS, np.int64)
TAG_AT[(PACKED[1:] ^ PACKED[1:] >> SHIFT) % SLOTS] = np.arange(1, len(NAMES))
"""The tag whose name may be at a place: of another name, `PACKED` tells."""
