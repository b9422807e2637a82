"""Which runs of lines are better gone, and which lines repeat others of their text."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

FORWARD, BACKWARD = np.float32(0.6), np.float32(0.3)
"""What a line takes of the warmth that comes from above, and from below."""
MOST = np.float32(1.5)
"""What it can take of both together."""
COLD = np.float32(0.6)
"""What speaks for an undecided line as text while nothing around it speaks against it."""
HOTTEST = np.float32(5.0)
KEPT = np.float32(0.8)
"""Warmth that is there already counts for so much beside that of a new line."""
LONG_STRETCH = 8
"""Lines of the shortest stretch without prose that is warm as a whole."""
HOT = np.float32(3.0)
"""The warmth that its lines have to give: a few names of pages, or two headings of lists."""
STRETCH = np.float32(4.0)
MOST_STRETCH = np.float32(0.8)
"""A long stretch warms each of its lines by `STRETCH` times the mean, up to this."""
AT_EDGE = np.float32(2.0)
"""A stretch at the start or the end of a text counts so much more: that is where menus are."""
ABOUT_LINES = 3
ABOUT_HEAT = np.float32(6.0)
HEADS = np.float32(2.0)
ABOUT = np.float32(-0.4)
"""At most so many sentences end a text below a stretch of such warmth in which, so near, something
heads a list: they are about the author or the site, and score as little as this."""
PROSE = np.float32(-5.5)
"""What scores below is a sentence of a text; those about the page score more."""
CHARACTERS = np.float32(50.0)
"""Characters of a sentence for which it scores 1 less."""
BESIDE, PER_WARMTH = np.float32(10.0), np.float32(12.0)
"""Characters of sentences that a line without one takes from the middle of a text, and a warmth of
1 more: so the middle ends where a page has more of itself than of its text."""
FEWEST_CHARACTERS = np.float32(150.0)
"""With less a text has no middle: verse, captions, lists."""
OUTSIDE_HEAT, HEAT_PER_LINE, MOST_HEAT = np.float32(4.0), np.float32(0.03), np.float32(6.0)
"""What stands above or below the middle is of the page if its lines give so much warmth, more for
more lines, but never more than the last."""
OUTSIDE = np.float32(0.9)
LEAST, CODE = np.float32(-0.5), np.float32(-2.0)
"""Then an undecided line takes so much, and scores at least `LEAST`, if it does not look like code:
below `CODE`."""
ISLAND = np.float32(1.5)
AT_HOME = np.float32(-5.0)
"""A sentence about the page counts like a link there, and another by `ISLAND` times its distance
from this: a teaser among links goes with them, a paragraph does not."""
INSISTS, FORBIDS = np.float32(2.0), np.float32(-3.0)
"""Log odds from which on the opinion of a model overrules the best cut: a line goes, or stays."""
TITLE_WITHIN = 3
"""Lines above the first prose below a run among which its headline is looked for."""


@njit("UniTuple(int64, 2)(float32[::1], float32[::1], int64, int64)", cache=True, nogil=True)
def _middle(score: Any, gives: Any, a: Any, b: Any) -> Any:
    """
    From where to where the lines `a` to `b` hold their sentences, and undecided lines beside them.

    That is where the characters of sentences exceed what other lines take most (Kadane's largest
    sum); all lines where they are few.
    """
    begin, end, start = a, a, a
    most = np.float32(0.0)
    total = np.float32(0.0)
    for j in range(a, b):
        if score[j] < PROSE and gives[j] < 0.0:
            total += (PROSE - score[j]) * CHARACTERS
        else:
            total -= BESIDE + PER_WARMTH * max(gives[j], np.float32(0.0))
        if total <= 0.0:
            total = np.float32(0.0)
            start = j + 1
        elif total > most:
            most = total
            begin, end = start, j + 1
    if most < FEWEST_CHARACTERS:
        return a, b
    while begin > a and gives[begin - 1] <= 0.0:
        begin -= 1
    while end < b and gives[end] <= 0.0:
        end += 1
    return begin, end


@njit(
    "void(float32[::1], float32[::1], float32[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def _outside(score: Any, gives: Any, lent: Any, a: Any, b: Any) -> None:
    """Let the lines `a` to `b`, outside the middle, count more in `lent` if they are warm."""
    heat = np.float32(0.0)
    for j in range(a, b):
        heat += max(gives[j], np.float32(0.0))
    if heat < min(OUTSIDE_HEAT + HEAT_PER_LINE * np.float32(b - a), MOST_HEAT):
        return
    for j in range(a, b):
        if gives[j] == 0.0 and score[j] > CODE:
            lent[j] = max(lent[j], max(score[j], LEAST) + OUTSIDE - COLD)
        elif gives[j] < 0.0 and score[j] < PROSE:
            lent[j] = max(lent[j], ISLAND * (score[j] - AT_HOME))
        elif gives[j] < 0.0:
            lent[j] = max(lent[j], OUTSIDE)


@njit("boolean(float32[::1], boolean[::1], int64, int64)", cache=True, nogil=True)
def _keeps_prose(gives: Any, gone: Any, a: Any, b: Any) -> Any:
    """Whether a sentence of the lines `a` to `b` stays."""
    for j in range(a, b):  # noqa: SIM110 - numba has no generators in any()
        if gives[j] < 0.0 and not gone[j]:
            return True
    return False


@njit(
    "boolean[::1](int64[::1], float32[::1], float32[::1], boolean[::1], boolean[::1], "
    "float32[::1], float32[::1], float32[::1], float32, float32)",
    cache=True,
    nogil=True,
)
def gone_runs(
    first: Any,
    score: Any,
    gives: Any,
    sure: Any,
    title: Any,
    fades: Any,
    back: Any,
    opinion: Any,
    border: Any,
    edge: Any,
) -> Any:
    """
    Which lines belong to runs of residue, text by text.

    `score[j]` speaks for residue (above 0) or for text. What is around a line counts too: lines
    that say what they are (`gives[j]` above 0) warm what follows, and less what precedes; a line
    lets the part `fades[j]` of the warmth pass downwards, and `back[j]` upwards. Prose gives below
    0; undecided lines (0) take warmth. Where the lines above or below the middle of a text, which
    holds its sentences, are warm, all of them count for more. The best cut into runs of text and
    residue is then found by Viterbi's algorithm, every border between them costing `border`, and a
    run at the start or the end of the text `edge` there. A model's `opinion` of a line, log odds,
    overrules that above `INSISTS` and below `FORBIDS`, but takes no line that stands alone above a
    sentence. Lines that are `sure` go in any case; the
    last `title` line above prose, or above the first line that stays, does not go unless it is
    sure; and a text loses nothing if no prose of it would stay.
    """
    n = first.size - 1
    gone = np.zeros(score.size, np.bool_)
    only_model = np.zeros(score.size, np.bool_)
    lent = np.zeros(score.size, np.float32)
    for i in range(n):
        a = first[i]
        b = first[i + 1]
        if a == b:
            continue
        # How much lines of a stretch without prose say what they are, for each of its lines.
        k = a
        while k < b:
            stop = k
            heat = np.float32(0.0)
            while stop < b and gives[stop] >= 0.0:
                heat += gives[stop]
                stop += 1
            share = np.float32(0.0)
            if stop - k >= LONG_STRETCH and heat >= HOT:
                share = min(STRETCH * heat / np.float32(stop - k), MOST_STRETCH)
                if k == a or stop == b:
                    share = min(share * AT_EDGE, MOST_STRETCH)
            for j in range(k, stop):
                lent[j] = share
            k = max(stop, k + 1)
        warmth = np.float32(0.0)
        for j in range(a, b):
            warmth *= fades[j]
            if gives[j] == 0.0:
                lent[j] += FORWARD * warmth
            elif gives[j] > 0.0:
                warmth = min(warmth * KEPT + gives[j], HOTTEST)
        warmth = np.float32(0.0)
        for j in range(b - 1, a - 1, -1):
            warmth *= back[j]
            if gives[j] == 0.0:
                lent[j] += BACKWARD * warmth
                lent[j] = score[j] + min(lent[j], MOST) - COLD
            else:
                lent[j] = score[j]
                if gives[j] > 0.0:
                    warmth = min(warmth * KEPT + gives[j], HOTTEST)
        begin, end = _middle(score, gives, a, b)
        _outside(score, gives, lent, a, begin)
        _outside(score, gives, lent, end, b)
        # Who made the page, below all its lists.
        end = b
        while end > a and b - end <= ABOUT_LINES and gives[end - 1] < 0.0:
            end -= 1
        if end < b and b - end <= ABOUT_LINES:
            heat = np.float32(0.0)
            k = end
            while k > a and gives[k - 1] >= 0.0:
                k -= 1
                heat += gives[k]
            headed = False
            for j in range(max(k, end - ABOUT_LINES), end):
                headed |= gives[j] >= HEADS
            if k > a and heat >= ABOUT_HEAT and headed:
                lent[end:b] = ABOUT
        # Viterbi with two states; `came` tells the state before.
        text = np.float32(0.0)
        residue = -edge
        came = np.zeros((2, b - a), np.uint8)
        for j in range(a, b):
            was_text = text
            was_residue = residue
            if was_residue - border > was_text:
                text = was_residue - border
                came[0, j - a] = 1
            if j > a and was_text - border >= was_residue:
                residue = was_text - border
                came[1, j - a] = 0
            else:
                came[1, j - a] = 1
            residue += lent[j]
        state = 1 if residue - edge > text else 0
        for j in range(b - 1, a - 1, -1):
            by_rules = (state == 1 and opinion[j] > FORBIDS) or sure[j]
            gone[j] = by_rules or opinion[j] > INSISTS
            only_model[j] = gone[j] and not by_rules
            state = came[state, j - a]
        # One line alone above a sentence is its heading, whatever else it looks like.
        for j in range(a, b - 1):
            alone = j == a or not gone[j - 1]
            if only_model[j] and alone and gives[j + 1] < 0.0 and not gone[j + 1]:
                gone[j] = False
        # A text of which no prose would stay is no text with residue; it is left to the signals. If
        # it is the model that leaves none, the rules are asked alone.
        stays = _keeps_prose(gives, gone, a, b)
        if not stays:
            for j in range(a, b):
                gone[j] = gone[j] and not only_model[j]
            stays = _keeps_prose(gives, gone, a, b)
        if not stays:
            gone[a:b] = False
            continue
        # The headline of what follows stands last among the lines above it. Where the text begins,
        # that may be a subtitle.
        begun = False
        for j in range(a, b):
            if gone[j]:
                continue
            if j > a and gone[j - 1] and (gives[j] < 0.0 or not begun):
                for k in range(j - 1, max(j - 1 - TITLE_WITHIN, a - 1), -1):
                    if not gone[k] or sure[k]:
                        continue
                    if title[k]:
                        gone[k] = False
                        break
            begun = True
    return gone


@njit("boolean[::1](uint64[::1], int64[::1], int64[::1], float64[::1])", cache=True, nogil=True)
def copied_blocks(hashes: Any, first: Any, size: Any, least: Any) -> Any:
    """
    Which pieces belong to a block of consecutive pieces that stands further above in the same text.

    Blocks whose `size`s add up to less than `least[i]` do not count.
    """
    copied = np.zeros(hashes.size, np.bool_)
    for i in range(first.size - 1):
        a = first[i]
        n = first[i + 1] - a
        room = 1
        while room < 2 * n:
            room *= 2
        table = np.full(room, -1, np.int64)
        source = np.full(n, -1, np.int64)
        for j in range(n):
            at = np.int64(hashes[a + j] & np.uint64(room - 1))
            while table[at] >= 0 and hashes[a + table[at]] != hashes[a + j]:
                at = (at + 1) & (room - 1)
            if table[at] >= 0:
                source[j] = table[at]
            else:
                table[at] = j
        j = 0
        while j < n:
            if source[j] < 0:
                j += 1
                continue
            stop = j + 1
            total = size[a + j]
            while stop < n and hashes[a + source[j] + stop - j] == hashes[a + stop]:
                if source[j] + stop - j >= j:
                    break
                total += size[a + stop]
                stop += 1
            if total >= least[i]:
                copied[a + j : a + stop] = True
            j = stop
    return copied


@njit("boolean[::1](uint64[::1], int64[::1], boolean[::1])", cache=True, nogil=True)
def copied_heads(hashes: Any, first: Any, counts: Any) -> Any:
    """Which pieces that count are equal to another piece that counts, of the same text."""
    again = np.zeros(hashes.size, np.bool_)
    for i in range(first.size - 1):
        a = first[i]
        n = first[i + 1] - a
        room = 1
        while room < 2 * n:
            room *= 2
        table = np.full(room, -1, np.int64)
        for j in range(a, a + n):
            if not counts[j]:
                continue
            at = np.int64(hashes[j] & np.uint64(room - 1))
            while table[at] >= 0 and hashes[table[at]] != hashes[j]:
                at = (at + 1) & (room - 1)
            if table[at] >= 0:
                again[j] = True
                again[table[at]] = True
            else:
                table[at] = j
    return again
