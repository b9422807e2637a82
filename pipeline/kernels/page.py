"""
The elements of a page, with what is in them, in one walk over its source.

The source is the serialisation of a parsed page: every element is closed in its order, every value
of an attribute stands between `"`. So a walk needs no rules of repair, and no name or value can be
mistaken for markup. Bytes are UTF-8.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

from seimai.pipeline.kernels.codes import ReadOnlyBytes
from seimai.pipeline.kernels.page_tags import (
    APART,
    BLOCK,
    CODE,
    KINDS,
    PACKED,
    RAW,
    SHIFT,
    SLOTS,
    TAG_AT,
    UNSEEN,
    VOID,
    packed,
)

_A, _H1, _PRE, _META, _LINK = CODE["a"], CODE["h1"], CODE["pre"], CODE["meta"], CODE["link"]
_TEXTAREA = CODE["textarea"]
_LINES = (CODE["a"], CODE["b"], CODE["em"], CODE["font"], CODE["i"], CODE["strong"], CODE["tt"])
"""Parts of lines whose names tell nothing."""

_ATTRIBUTES = ("class", "id", "role", "itemprop", "style", "hidden", "aria-hidden", "href", "rel")
_CLASS, _ID, _ROLE, _ITEMPROP, _STYLE, _HIDDEN, _ARIA, _HREF, _REL = (
    packed(name.encode()) for name in _ATTRIBUTES
)
_TRUE = np.frombuffer(b"true", np.uint8)
_LICENSE = np.frombuffer(b"license", np.uint8)
_CANONICAL = np.frombuffer(b"canonical", np.uint8)
_DISPLAY = np.frombuffer(b"display:none", np.uint8)

(START, INNER, CLOSE, END, PARENT, TAG, CLASS, ID, ROLE, ITEMPROP, APARTNESS,
 TEXT, LINKED, LINKS, SENTENCES, GOOD, HEADED, NAMED, LAST, BEFORE,
 LICENSED) = range(21)  # fmt: skip
COLUMNS = 21
"""
Columns of the table of elements. Places in bytes: `START` of the opening tag, `INNER` after it,
`CLOSE` of the closing tag, `END` after it. `PARENT` and `LAST` are rows: the element around, and
the last one inside. `CLASS`, `ID`, `ROLE`, `ITEMPROP` are where the value stands, start in the
lower and length in the upper half of the number. The rest counts what is seen inside: characters
that are no blanks, those of them in links, links, ends of sentences outside links, characters of
running text (`GOOD`), `h1`; `BEFORE` the characters seen in the page before it.
`NAMED` tells elements with other names apart; `LICENSED` is 1 where `rel` speaks of a licence, or
in a `link` of the page's own address.
"""
HALF = 32

LEAST_RUN = 12
"""Characters outside links of a line that may be running text: 以上です。 alone says nothing."""


@njit(types.boolean(types.int64), cache=True, nogil=True, inline="always")
def _is_wide(code: int) -> bool:
    """Whether a character is as wide as a kanji, and not Hangul: that has blanks between words."""
    if code < 0x2E80:
        return False
    if code <= 0xA4CF:
        return code != 0x303F
    return (
        0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFE6F
        or 0xFF01 <= code <= 0xFF9F
        or 0xFFE0 <= code <= 0xFFE6
        or 0x20000 <= code <= 0x3FFFD
    )


@njit(types.boolean(ReadOnlyBytes, types.int64, types.int64, ReadOnlyBytes), cache=True, nogil=True)
def _holds(data: Any, start: int, end: int, word: Any) -> bool:
    """Whether a value holds a word, blanks and the case of letters left aside."""
    at = 0
    for k in range(start, end):
        byte = data[k]
        if byte == 32:
            continue
        if 65 <= byte <= 90:
            byte += 32
        if byte == word[at]:
            at += 1
            if at == word.size:
                return True
        else:
            at = 1 if byte == word[0] else 0
    return False


@njit(
    types.Tuple(
        (
            types.Array(types.int64, 2, "A"),
            types.int64[:, ::1],
            types.int64,
            types.boolean,
            types.uint32[::1],
        )
    )(ReadOnlyBytes, ReadOnlyBytes),
    cache=True,
    nogil=True,
)
def elements(data: Any, apart: Any) -> Any:
    """
    The elements, the breaks that are no blanks, how much is hidden, whether a word of a notice
    (会員, 役に, すか) occurs, the text.

    The text is what is seen without its blanks, by code points: that of an element begins at
    `BEFORE` and has `TEXT` characters.

    Of elements without an end only `meta` and `link` have a row: nothing is in the others.

    `apart` may have a byte for each element: 1 where what is inside is not to be counted, 2 where
    it is counted although the page hides it. A break between two wide characters is no blank
    (CSS Text 3, 4.1.3); the second table has the start and the end of each.
    """
    size = data.size
    most = 0
    for k in range(size):  # closing tags, too: rows that are not written cost nothing
        most += np.int64(data[k] == 60)
    table = np.empty((COLUMNS, most + 1), np.int64).T  # each column in one piece
    stack = np.empty(most + 2, np.int64)
    seen = np.empty(size, np.uint32)
    breaks = np.empty((64, 2), np.int64)
    n = depth = n_breaks = 0
    unseen = out = links = pre = 0  # how many elements of that kind are open
    text = linked = n_links = sentences = good = headed = hidden = 0
    run_plain = run_linked = run_stops = 0
    wide_before = False
    pending = 0  # blanks since the last character of this line, as ranges at the end of `breaks`
    has_newline = False
    members = False
    previous = np.int64(0)
    k = 0
    while k < size:
        byte = data[k]
        if byte == 60 and k + 1 < size:
            following = data[k + 1]
            if following in (33, 63):  # a comment, a doctype
                if k + 3 < size and data[k + 2] == 45 and data[k + 3] == 45:
                    k += 4
                    while k + 2 < size and not (
                        data[k] == 45 and data[k + 1] == 45 and data[k + 2] == 62
                    ):
                        k += 1
                    k += 3
                else:
                    while k < size and data[k] != 62:
                        k += 1
                    k += 1
                continue
            closing = following == 47
            at = k + 2 if closing else k + 1
            if at >= size or not (97 <= (data[at] | 32) <= 122):
                k += 1
                continue
            name = np.int64(0)
            while at < size:
                byte = data[at]
                if byte in (62, 47, 32) or 9 <= byte <= 13:
                    break
                if 65 <= byte <= 90:
                    byte += 32
                name = (name * 131 + byte) & 0xFFFFFFFFFFFFFFF
                at += 1
            tag = TAG_AT[(name ^ name >> SHIFT) & (SLOTS - 1)]
            if PACKED[tag] != name:
                tag = np.int64(0)
            kind = KINDS[tag]
            if kind & BLOCK:
                plain = run_plain
                if run_stops and plain >= LEAST_RUN and plain >= run_linked:
                    good += plain
                run_plain = run_linked = run_stops = 0
                wide_before = False
                n_breaks -= pending
                pending = 0
                has_newline = False
            if closing:
                while at < size and data[at] != 62:
                    at += 1
                at = min(at + 1, size)
                # The serialiser closes what it opened; anything else would be a fault of it.
                level = depth - 1
                while level >= 0 and table[stack[level], TAG] != tag:
                    level -= 1
                if level >= 0:
                    while depth > level:
                        depth -= 1
                        row = stack[depth]
                        mine = depth == level
                        table[row, CLOSE] = k
                        table[row, END] = at if mine else k
                        table[row, TEXT] = text - table[row, TEXT]
                        table[row, LINKED] = linked - table[row, LINKED]
                        table[row, LINKS] = n_links - table[row, LINKS]
                        table[row, SENTENCES] = sentences - table[row, SENTENCES]
                        table[row, GOOD] = good - table[row, GOOD]
                        table[row, HEADED] = headed - table[row, HEADED]
                        table[row, LAST] = n - 1
                        state = table[row, APARTNESS]
                        unseen -= state & 1
                        out -= (state >> 1) & 1
                        links -= (state >> 2) & 1
                        pre -= (state >> 3) & 1
                        table[row, APARTNESS] = state >> 4
                k = at
                continue
            if kind & VOID and tag not in (_META, _LINK):
                # No row: nothing is in it, and what it says is not asked. Values may hold `>`, and
                # names `"`: only one that follows `=` begins a value.
                first = True
                while at < size and data[at] != 62:
                    byte = data[at]
                    if byte in (32, 47) or 9 <= byte <= 13:
                        first = True
                    elif byte == 61 and not first and at + 1 < size and data[at + 1] == 34:
                        at += 2
                        while at < size and data[at] != 34:
                            at += 1
                        first = True
                    else:
                        first = False
                    at += 1
                k = min(at + 1, size)
                continue
            row = n
            n += 1
            table[row, START] = k
            table[row, TAG] = tag
            table[row, PARENT] = stack[depth - 1] if depth else -1
            table[row, CLASS] = table[row, ID] = table[row, ROLE] = table[row, ITEMPROP] = 0
            table[row, LICENSED] = 0
            aside = 2 if kind & APART else 0
            has_href = False
            names = np.int64(0)
            # Attributes: a name may begin with "=", and holds anything but blanks, "/", ">", "=".
            while at < size and data[at] != 62:
                byte = data[at]
                if byte in (32, 47) or 9 <= byte <= 13:
                    at += 1
                    continue
                name = np.int64(0)
                first = True
                while at < size:
                    byte = data[at]
                    if byte in (62, 47, 32) or 9 <= byte <= 13:
                        break
                    if byte == 61 and not first:
                        break
                    first = False
                    name = (name * 131 + byte) & 0xFFFFFFFFFFFFFFF
                    at += 1
                start = end = at
                if at + 1 < size and data[at] == 61 and data[at + 1] == 34:
                    start = at + 2
                    end = start
                    if name in (_CLASS, _ID, _ROLE):
                        value = np.int64(0)
                        while end < size and data[end] != 34:
                            value = (value * 131 + data[end] + 1) & 0xFFFFFFFFFFFFFFF
                            end += 1
                        names = (names * 131 + value * 31 + name) & 0xFFFFFFFFFFFFFFF
                    else:
                        while end < size and data[end] != 34:
                            end += 1
                    at = end + 1
                span = start | ((end - start) << HALF)
                if name == _CLASS:
                    table[row, CLASS] = span
                elif name == _ID:
                    table[row, ID] = span
                elif name == _ROLE:
                    table[row, ROLE] = span
                elif name == _ITEMPROP:
                    table[row, ITEMPROP] = span
                elif name == _HREF:
                    has_href = True
                elif name == _REL:
                    if _holds(data, start, end, _LICENSE) or (
                        tag == _LINK and _holds(data, start, end, _CANONICAL)
                    ):
                        table[row, LICENSED] = 1
                elif name == _HIDDEN:
                    aside = 1
                elif name == _ARIA:
                    if _holds(data, start, end, _TRUE):
                        aside = 1
                elif name == _STYLE and _holds(data, start, end, _DISPLAY):
                    aside = 1
            k = min(at + 1, size)
            table[row, NAMED] = 0 if tag in _LINES else names
            table[row, BEFORE] = text
            table[row, INNER] = k
            if row < apart.size and apart[row]:
                aside = 0 if apart[row] == 2 else 3
            if kind & VOID:
                table[row, CLOSE] = table[row, END] = k
                table[row, LAST] = row
                table[row, APARTNESS] = aside
                table[row, TEXT] = table[row, LINKED] = table[row, LINKS] = 0
                table[row, SENTENCES] = table[row, GOOD] = table[row, HEADED] = 0
                continue
            state = (1 if kind & UNSEEN else 0) | (2 if aside else 0)
            if tag == _A and has_href:
                state |= 4
                n_links += 0 if unseen or out else 1
            if tag in (_PRE, _TEXTAREA):
                state |= 8
            if tag == _H1 and not unseen and not out:
                headed += 1
            unseen += state & 1
            out += (state >> 1) & 1
            links += (state >> 2) & 1
            pre += (state >> 3) & 1
            # Counted from here; the closing tag takes the difference.
            table[row, APARTNESS] = state | (aside << 4)
            table[row, TEXT] = text
            table[row, LINKED] = linked
            table[row, LINKS] = n_links - (1 if state & 4 and not unseen and not out else 0)
            table[row, SENTENCES] = sentences
            table[row, GOOD] = good
            table[row, HEADED] = headed - (1 if tag == _H1 and not unseen and not out else 0)
            stack[depth] = row
            depth += 1
            if kind & RAW:
                begin = table[row, START] + 1
                width = 0
                while 97 <= (data[begin + width] | 32) <= 122:
                    width += 1
                while k < size:
                    if data[k] == 60 and k + 1 + width < size and data[k + 1] == 47:
                        same = 0
                        while same < width and (data[k + 2 + same] | 32) == (
                            data[begin + same] | 32
                        ):
                            same += 1
                        if same == width:
                            break
                    k += 1
            continue
        # A character of the text.
        if byte == 32 or 9 <= byte <= 13:
            start = k
            while k < size and (data[k] == 32 or 9 <= data[k] <= 13):
                has_newline = has_newline or data[k] == 10 or data[k] == 13
                k += 1
            if wide_before and not pre and not unseen:
                if n_breaks == breaks.shape[0]:
                    grown = np.empty((2 * n_breaks, 2), np.int64)
                    grown[:n_breaks] = breaks
                    breaks = grown
                breaks[n_breaks, 0] = start
                breaks[n_breaks, 1] = k
                n_breaks += 1
                pending += 1
            continue
        code = np.int64(byte)
        width = 1
        if byte >= 0xE0:
            if byte < 0xF0 and k + 2 < size:
                code = (byte & 15) << 12 | (data[k + 1] & 63) << 6 | data[k + 2] & 63
                width = 3
            elif k + 3 < size:
                code = (
                    (byte & 7) << 18
                    | (data[k + 1] & 63) << 12
                    | (data[k + 2] & 63) << 6
                    | data[k + 3] & 63
                )
                width = 4
        elif byte >= 0xC0 and k + 1 < size:
            code = (byte & 31) << 6 | data[k + 1] & 63
            width = 2
        elif byte == 38:  # a reference: `&amp;`, `&lt;`, `&gt;`, `&nbsp;`
            while k + width < size and width < 7 and data[k + width - 1] != 59:
                width += 1
        k += width
        if unseen:
            continue
        if out:
            hidden += 1
            continue
        if code == 0x3000:
            continue
        if (
            (code == 0x54E1 and previous == 0x4F1A)  # 会員
            or (code == 0x306B and previous == 0x5F79)  # 役に
            or (code == 0x304B and previous == 0x3059)  # すか
        ):
            members = True
        previous = code
        wide = _is_wide(code)
        if pending and not (wide and has_newline):
            n_breaks -= pending
        pending = 0
        has_newline = False
        wide_before = wide
        seen[text] = np.uint32(code)
        text += 1
        if links:
            linked += 1
            run_linked += 1
        else:
            run_plain += 1
            stop = code in (0x3002, 0xFF0E, 0xFF01, 0xFF1F)
            if byte == 46 and k < size and (data[k] == 32 or data[k] == 10 or data[k] == 60):
                stop = k > 1 and 97 <= data[k - 2] <= 122
            if stop:
                run_stops += 1
                sentences += 1
    while depth:
        depth -= 1
        row = stack[depth]
        table[row, CLOSE] = table[row, END] = size
        table[row, TEXT] = text - table[row, TEXT]
        table[row, LINKED] = linked - table[row, LINKED]
        table[row, LINKS] = n_links - table[row, LINKS]
        table[row, SENTENCES] = sentences - table[row, SENTENCES]
        table[row, GOOD] = good - table[row, GOOD]
        table[row, HEADED] = headed - table[row, HEADED]
        table[row, LAST] = n - 1
        table[row, APARTNESS] >>= 4
    return table[:n], breaks[: n_breaks - pending].copy(), hidden, members, seen[:text]
