"""
Personal data: e-mail addresses, telephone numbers, card numbers and individual numbers.

Each kind is one pattern, which says what it may look like, and one predicate, which says when it
is that: precision matters as much as recall, for order numbers, versions, postal codes and
decorators fill the same pages.

A mask replaces all of it, and no mask depends on what it hides. Role addresses and toll-free
numbers are masked too: nothing in a text tells reliably whether one person answers. Names, postal
addresses, local numbers without an area code and bank accounts are left alone: no pattern finds
them with the precision that changing a text asks for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from seimai.filters.personal import addresses, figures, phones
from seimai.filters.personal.kinds import fold
from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts, character_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seimai.filters.personal.kinds import Kind

KINDS = addresses.KINDS + figures.KINDS + phones.KINDS
MASKS = (addresses.MASK, phones.MASK, figures.CARD, figures.MY_NUMBER)

_HINTS = tuple(dict.fromkeys(hint for kind in KINDS for hint in kind.hints))
# One scan for all hints: a character that begins one of them, and only there the rest of it. No
# two begin with the same character, so the number of the group tells which it is.
_ANY_HINT = re.compile(
    f"[{''.join(hint.starts for hint in _HINTS)}]"
    f"(?:{'|'.join(f'(?<=[{hint.starts}])(?=({hint.then}))' for hint in _HINTS)})"
)

TOUCHES = "0-9０-９@＠〇零[({（［【〔｛&%★☆●◎◆■"
"""No personal data without one of these."""
_TOUCHED = character_table(TOUCHES)


PIECE = 1 << 14
"""Characters that are searched at a time: each hit copies so many and no more."""

AROUND = 1024
"""Characters seen on both sides of a piece: the longest address has 520, and its label or the
beginning of its URL is looked for in the 300 before it."""


def find(text: str, *, chained: bool = False) -> list[tuple[int, int, str]]:
    """
    Start, end and mask of the personal data in a text, in order, without overlaps.

    With `chained` what is found is the label of its neighbour at once, as its mask would be.

    >>> find("担当 sato@example.jp")
    [(3, 18, '<EMAIL>')]
    """
    seen = {match.lastindex for match in _ANY_HINT.finditer(text)}
    if not seen:
        return []
    hinted = {hint for group, hint in enumerate(_HINTS, 1) if group in seen}
    folded = fold(text)
    found: list[tuple[int, int, str]] = []
    for kind in KINDS:
        if hinted.isdisjoint(kind.hints):
            continue
        hits = _hits(kind, folded, kind.mask if chained else "")
        found += [(start, end, kind.mask) for start, end in hits]
        # Hidden from the kinds that follow.
        folded = _hidden(folded, 0, hits)
    return sorted(found)


def _hits(kind: Kind, folded: str, label: str) -> list[tuple[int, int]]:
    """
    Start and end of all personal data of a kind in a folded text; each is put as `label`.

    One that is found is hidden from the rest, which copies what it stands in: of a long text a
    piece at a time, with what a pattern or a label may want to see on both sides.
    """
    hits: list[tuple[int, int]] = []
    at = 0
    for piece in range(0, len(folded), PIECE):
        first = max(0, piece - AROUND)
        near = [hit for hit in hits[-AROUND:] if hit[1] > first]
        view = _hidden(folded[first : piece + PIECE + AROUND], first, near, label)
        at = max(at, piece)
        while match := kind.next(view, at - first):
            start = first + match.start()
            if start >= piece + PIECE:
                break  # It belongs to the next piece, which sees all of what follows.
            at = start + 1
            if kind.holds(match, view):
                at = first + match.end()
                hits.append((start, at))
                blank = _blank(len(match[0]), label)
                view = view[: match.start()] + blank + view[match.end() :]
    return hits


def _blank(length: int, label: str) -> str:
    """What is put for a hit: as long as it was, with the label where what follows looks for it."""
    return label.rjust(length, "\0") if len(label) <= length else "\0" * length


def _hidden(text: str, first: int, hits: Sequence[tuple[int, int]], label: str = "") -> str:
    """A piece of text from the place `first` on, its hits blanked; places stay as they are."""
    parts: list[str] = []
    done = first
    for start, end in hits:
        low, high = max(start, first), min(end, first + len(text))
        parts += (text[done - first : low - first], _blank(high - low, label))
        done = high
    return "".join((*parts, text[done - first :]))


@cleaner("personal", touches=TOUCHES, masks=MASKS)
def personal(text: str) -> str:
    """
    E-mail addresses, telephone, card and individual numbers become fixed tokens.

    The tokens are <EMAIL>, <PHONE>, <CARD> and <MYNUMBER>. Left alone are mentions (@name),
    decorators, package names, git@host, numbers with another label (注文番号), and whatever has
    the digits of a telephone number but not its groups, unless 電話, TEL or the like says so.

    >>> personal("担当: 佐藤 sato@example.jp 電話（03）1234-5678、注文番号 0312-34-5678")
    '担当: 佐藤 <EMAIL> 電話<PHONE>、注文番号 0312-34-5678'
    """
    # A mask can be the label of its neighbour: “電話 <PHONE>, 0312345679”. Each round takes
    # digits or an at sign away, so there is a last one.
    found = find(text, chained=True)
    while found:
        text, masks = _masked(text, found)
        found = _near(text, masks)
    return text


def _masked(text: str, found: Sequence[tuple[int, int, str]]) -> tuple[str, list[int]]:
    """The text with masks for what was found, and where they begin in it."""
    parts: list[str] = []
    masks: list[int] = []
    done = length = 0
    for start, end, mask in found:
        length += start - done
        masks.append(length)
        length += len(mask)
        parts += (text[done:start], mask)
        done = end
    return "".join((*parts, text[done:])), masks


def _near(text: str, masks: Sequence[int]) -> list[tuple[int, int, str]]:
    """What masks that are new in a text make of their neighbours; nothing else has changed."""
    windows: list[list[int]] = []
    for place in masks:
        first, last = max(0, place - AROUND), min(len(text), place + AROUND)
        if windows and first <= windows[-1][1]:
            windows[-1][1] = last
        else:
            windows.append([first, last])
    found = []
    for first, last in windows:
        # At its ends a window may cut what it shows; no label reaches that far.
        low = first + AROUND // 2 if first else 0
        high = last - AROUND // 2 if last < len(text) else last
        found += [
            (first + start, first + end, mask)
            for start, end, mask in find(text[first:last], chained=True)
            if low <= first + start < high
        ]
    return found


# --- signals -----------------------------------------------------------------------------------


@signal("pii.mask_count", between=(0, float("inf")))
def mask_count(texts: Texts) -> Numbers:
    """
    Masks in the text: what `personal` replaced, as it will be released.

    A page of prose has none or one. Directories, lists of contacts and forum archives have dozens,
    and little else: a limit on masks finds them. Texts that came with masks of the same form count
    as well.

    >>> mask_count(Texts.of("電話 <PHONE> メール <EMAIL>", "米"))
    array([2, 0])
    """
    return texts.masks


def _left(texts: Texts) -> NDArray[np.int64]:
    """E-mail addresses and telephone numbers per text: two columns."""
    counts = np.zeros((len(texts), 2), np.int64)
    # Behind the cleaner nothing is left, because it runs until nothing is.
    unmasked = texts.carried("personal") != 1
    if not unmasked.any():
        return counts
    rows = np.flatnonzero(unmasked & (texts.members(_TOUCHED) > 0))
    for row, text in zip(rows.tolist(), texts.column.take(rows).to_pylist(), strict=True):
        masks = [mask for _, _, mask in find(text)]
        counts[row] = masks.count(addresses.MASK), masks.count(phones.MASK)
    return counts


def _spans(mask: str, text: str) -> list[tuple[int, int]]:
    return [(start, end) for start, end, found in find(text) if found == mask]


def _email_spans(text: str) -> list[tuple[int, int]]:
    return _spans(addresses.MASK, text)


def _phone_spans(text: str) -> list[tuple[int, int]]:
    return _spans(phones.MASK, text)


@signal("pii.email_count", between=(0, float("inf")), where=_email_spans)
def email_count(texts: Texts) -> Numbers:
    """
    E-mail addresses that are still in the text.

    Zero behind the cleaner `personal`; without it, what a limit can reject instead of masking.

    >>> email_count(Texts.of("taro＠example．jp まで", "@app.route と git@github.com:a/b.git"))
    array([1, 0])
    """
    return texts.once(_left)[:, 0]


@signal("pii.phone_count", between=(0, float("inf")), where=_phone_spans)
def phone_count(texts: Texts) -> Numbers:
    """
    Telephone numbers that are still in the text.

    Zero behind the cleaner `personal`. Numbers that nothing tells from order numbers (ten digits
    without groups or label) are not counted.

    >>> phone_count(Texts.of("0120-123-456", "〒100-0001 注文番号 0312345678"))
    array([1, 0])
    """
    return texts.once(_left)[:, 1]
