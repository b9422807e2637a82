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


_ORDER = sorted((packed(name.encode()), code) for name, code in CODE.items() if name)
PACKED = np.array([name for name, _ in _ORDER], np.int64)
CODES = np.array([code for _, code in _ORDER], np.int64)
KINDS = np.array([TAGS.get(name, 0) for name in NAMES], np.int64)
"""Numbers of names in order, the tag of each, and what each tag is, for the kernel."""
