"""
Lines with and without personal data: `personal/positive.txt` and `negative.txt`, in many writings.

Every line was written by hand, with what has to be found marked as `⟪KIND|span⟫`. Seeded rules
make of each line some more: digits of full width, other hyphens, other spaces, other digits where
no check digit stands against it. A third of the lines, by the hash of what was written, is held
out: no rule of the filter was changed after a look at them. What was written later, while rules
were tuned, stands behind its own headline and is not held out; what was written when they were
done is held out as a whole. `personal/others_*.txt` were written in the manner of other
writers before any rule was asked about them, each in one writing; half of them is held out.
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "personal"
VARIANTS = 4
"""Writings of one line, itself included."""

_MARK = re.compile(r"⟪([A-Z_]+)\|(.*?)⟫")
_FIELD = re.compile(r"\{(my|card|amex)([-! ]?)\}")
_SINCE = "# --- since tuning began"
_OTHERS = "# --- others"
_AFTER = "# --- written after tuning, held out"
_WIDE = str.maketrans({code: code + 0xFEE0 for code in (*range(0x30, 0x3A), 0x2D)})
_HYPHENS = "‐−ー–－"
_CARD_BEGINNINGS = ("4", "51", "55", "35")


@dataclass(frozen=True)
class Line:
    """One line and what has to be found in it."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    """Start, end and kind, in order."""
    held_out: bool
    written: str
    """The line as it stands in the file."""


def _my_number(pick: random.Random, *, wrong: bool) -> str:
    digits = [pick.randrange(10) for _ in range(11)]
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    left = sum(a * b for a, b in zip(digits, weights, strict=True)) % 11
    check = 0 if left <= 1 else 11 - left
    return "".join(map(str, [*digits, (check + wrong) % 10]))


def _card(pick: random.Random, length: int, *, wrong: bool) -> str:
    begins = pick.choice(_CARD_BEGINNINGS) if length == 16 else "37"
    body = begins + "".join(str(pick.randrange(10)) for _ in range(length - 1 - len(begins)))
    doubled = [int(digit) * (1 + (place + 1) % 2) for place, digit in enumerate(reversed(body))]
    total = sum(number // 10 + number % 10 for number in doubled)
    return body + str(((10 - total % 10) % 10 + wrong) % 10)


def _filled(written: str, pick: random.Random) -> str:
    """The line with its fields filled."""

    def number(match: re.Match[str]) -> str:
        wrong, join = match[2] == "!", match[2].strip("!")
        if match[1] == "amex":
            digits = _card(pick, 15, wrong=wrong)
            return join.join((digits[:4], digits[4:10], digits[10:]))
        digits = _my_number(pick, wrong=wrong) if match[1] == "my" else _card(pick, 16, wrong=wrong)
        return join.join(re.findall("....", digits))

    return _FIELD.sub(number, written.replace("\\n", "\n").replace("\\t", "\t"))


def _rewritten(text: str, pick: random.Random) -> str:
    """The text, as long as before, in another writing."""
    way = pick.randrange(4)
    if way == 0:
        return text.translate(_WIDE)
    if way == 1:
        hyphen = pick.choice(_HYPHENS)
        return re.sub("(?<=[0-9])-(?=[0-9])", hyphen, text)
    if way == 2:
        return text.replace(" ", "\u3000")
    hyphen = pick.choice(_HYPHENS)
    return re.sub("(?<=[0-9])-(?=[0-9])", hyphen, text).translate(_WIDE)


def _line(written: str, variant: int, part: str) -> Line:
    """One writing of a line."""
    digest = hashlib.sha256(written.encode()).digest()
    held_out = part == _AFTER or (part != _SINCE and digest[0] % 3 == 0)
    if part == _OTHERS:
        held_out = digest[0] % 2 == 0
    pick = random.Random(f"{variant} {written}")
    marked = _filled(written, pick)
    parts: list[str] = []
    spans = []
    done = length = 0
    for match in _MARK.finditer(marked):
        parts += (marked[done : match.start()], match[2])
        length += match.start() - done
        spans.append((length, length + len(match[2]), match[1]))
        length += len(match[2])
        done = match.end()
    text = "".join((*parts, marked[done:]))
    if variant and "EMAIL" not in {kind for _, _, kind in spans}:
        text = _rewritten(text, pick)
    return Line(text, tuple(spans), held_out, written)


def lines(name: str) -> list[Line]:
    """All writings of all lines of a file, each different one once."""
    found: dict[str, Line] = {}
    part = ""
    for written in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        part = written if written.startswith("# ---") else part
        if written and not written.startswith("# "):
            for variant in range(VARIANTS):
                line = _line(written, variant, part)
                found.setdefault(line.text, line)
    return list(found.values())


def lines_of_others(name: str) -> list[Line]:
    """
    The lines of a file as they were written; half of them, by their hash, is held out.

    Those of `personal/fresh_*.txt`, written when rules had been mended, are held out as a whole.
    """
    return [
        _line(row, 0, part)
        for stem, part in (("others", _OTHERS), ("fresh", _AFTER))
        for row in (FOLDER / f"{stem}_{name}.txt").read_text("utf-8").splitlines()
        if row and not row.startswith("# ")
    ]
