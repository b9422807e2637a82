"""
Mend text that was once decoded wrongly, where what it was can be proved.

`misread.py` finds what can be taken back without loss; here it is decided whether it must be. A
ruin has to be far less plausible than what it would become (`plausible.py`), and a text has to
hold enough of one kind of ruin, with kana in it, before anything is touched. Then the same kind
is mended wherever it stands in that text, in lines of two kanji too.

What stays as it is: characters of which bytes were lost, with the mark of the loss beside them;
ruins that a correct sentence quotes; and every text that speaks of mojibake.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from seimai.pipeline.decode.misread import kana_in, mostly_utf8, passages, readings
from seimai.pipeline.decode.plausible import codes_of, plausibility

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seimai.pipeline.decode.misread import Reading

SURE = 40.0
"""
A repair must be more plausible than the ruin by this many nats over a whole text: one chance in
e^40.
"""
SURE_KANA = 6
"""Kana that the repairs have to bring; only Japanese in the right encoding has them in a row."""
KANA_SHARE = 0.1
"""Share of the repaired characters that have to be kana; titles and lists of names reach it."""
GAIN = 8.0
"""Nats that a line has to gain where the kind of ruin is known from the rest of the text."""
PIECE_GAIN = 2.0
"""Log-likelihood (nats) that each repaired passage has to gain."""
WORST = -9.0
"""
Mean log-likelihood per character below which a repair is not text: text has -3 to -6, noise -11.
"""

QUOTED = 40
"""Longer ruins are not quotations, even within a correct line."""
SHORT = 12
"""Shorter passages occur within correct lines as well, and are not judged alone."""
OUTWEIGHS = 2
"""Between them, a ruin is the matter of its line when it outweighs what is correct there."""

LANGUAGES = ("ja", "zh-hans", "zh-hant", "ko", "latin", "cyrillic")
"""Languages whose correct texts look like ruins of Japanese."""

_ABOUT = ("文字化け", "文字ばけ", "もじばけ", "化け文字", "mojibake", "Mojibake", "MOJIBAKE")
"""Whoever writes these words writes about mojibake, and quotes it on purpose."""

_LOST = re.compile(".{0,2}(?:\ufffd|[縺繧繝縲][・?])+.{0,2}")
"""A mark of loss, U+FFFD or that of Windows, and what may be torn beside it."""
_JAPANESE = re.compile("[ぁ-ヿ々-〇㐀-鿿]")
SIGNS = "縺繧繝縲邵郢ãÃçï銆銇銈銉､･¤¥‚ƒ\x82\x83$"
"""A text without any of these characters needs no mending."""

_HIGH = re.compile("[^\x00-\x7f]")
_SHIFTED = re.compile(r"\$[@B]((?:(?!\([BJ])[!-~]{2})*+)(\([BJ])?")
"""ISO-2022-JP without its escape characters: what they shifted to is still marked."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it would be mended, and what speaks for it."""

    text: str
    repaired: str
    """The passages of the line that were changed."""
    gain: float


def mend(text: str) -> str:
    r"""
    The text with its ruins mended as far as they can be proved; a second time nothing happens.

    >>> mend("水を替える。\n縺ｬ縺九ｒ豢励≧縲�")
    '水を替える。\n縺ｬ縺九ｒ豢励≧縲�'
    >>> mend("水を替える。\n縺ｬ縺九ｒ謇九〒豢励＞縲∵ｰｴ縺ｫ縺､縺代ｋ")
    '水を替える。\nぬかを手で洗い、水につける'
    """
    return _mend(text, twice=True)


def _mend(text: str, *, twice: bool) -> str:
    """Mend until nothing is left to do; `twice` looks below one more layer of wrong reading."""
    # Every repair makes the text shorter, so this ends; another kind of ruin takes another round.
    while (mended := _once(text, twice=twice)) != text:
        text = mended
    return text


def _once(text: str, *, twice: bool) -> str:
    shifted = "$B" in text or "$@" in text
    signed = [reading for reading in readings() if reading.signed(text)]
    if not (shifted or signed) or any(map(text.__contains__, _ABOUT)):
        return text
    if shifted:
        text = _unshifted(text)
    lines = text.split("\n")
    for outer in signed:
        if twice and outer.true == "utf-8":
            lines = _twice(lines, outer)
    proved = _proved(lines, signed)
    if proved:
        lines = [_best(line, proved)[1].text for line in lines]
    return "\n".join(lines)


def _twice(lines: list[str], outer: Reading) -> list[str]:
    """The lines, those mended that were UTF-8 read wrongly when they were ruins already."""
    if not any(outer.signed(line) and mostly_utf8(line, outer) for line in lines):
        return lines
    once = [
        "".join(_taken_back(line, outer)) if mostly_utf8(line, outer) else line for line in lines
    ]
    both = _mend("\n".join(once), twice=False).split("\n")
    return [
        mended
        if mended != ruin and len(mended) < len(line) and _gain(line, mended) >= GAIN
        else line
        for line, ruin, mended in zip(lines, once, both, strict=True)
    ]


def _taken_back(line: str, reading: Reading) -> Iterator[str]:
    """The parts of a line with all that can be taken back, whether that is text or not."""
    place = 0
    for one in passages(line, reading):
        yield line[place : one.start]
        yield one.text
        place = one.stop
    yield line[place:]


def _gain(ruin: str, mended: str) -> float:
    """How many nats a mended text is more plausible than its ruin in any language."""
    before = codes_of(ruin)
    best = max(plausibility(before, language) for language in LANGUAGES)
    return plausibility(codes_of(mended), "ja") - best


def _proved(lines: Sequence[str], signed: Sequence[Reading]) -> list[Reading]:
    """The ways in which parts of this text were read wrongly beyond doubt."""
    gain: Counter[str] = Counter()
    kana: Counter[str] = Counter()
    wide: Counter[str] = Counter()
    for line in lines:
        reading, found = _best(line, [reading for reading in signed if reading.signed(line)])
        if reading is None or plausibility(codes_of(found.repaired), "ja") < WORST * len(
            found.repaired
        ):
            continue
        gain[reading.name] += int(found.gain)
        kana[reading.name] += kana_in(found.repaired)
        wide[reading.name] += _wide_in(found.repaired)
    return [
        reading
        for reading in signed
        if gain[reading.name] >= SURE
        and kana[reading.name] >= max(SURE_KANA, KANA_SHARE * wide[reading.name])
    ]


def _best(line: str, candidates: Sequence[Reading]) -> tuple[Reading | None, _Line]:
    """The reading that a line gains most by, and the line mended; None where it stays."""
    best, found = None, _Line(line, "", 0.0)
    if candidates and _HIGH.search(line):
        for reading in candidates:
            mended = _mended(line, reading)
            if mended is not None and mended.gain > found.gain:
                best, found = reading, mended
    return best, found


def _mended(line: str, reading: Reading) -> _Line | None:
    """A line with one way of wrong reading taken back; None where it is better left alone."""
    outside: list[str] = []
    repaired: list[str] = []
    gain, place = 0.0, 0
    for one in passages(line, reading):
        more = _gain(line[one.start : one.stop], one.text)
        if more >= PIECE_GAIN:
            outside.append(line[place : one.start])
            repaired.append(one.text)
            gain += more
            place = one.stop
    outside.append(line[place:])
    if gain < GAIN or _is_quotation(outside, repaired):
        return None
    text = "".join(chain.from_iterable(zip_longest(outside, repaired, fillvalue="")))
    return _Line(text, "".join(repaired), gain) if len(text) < len(line) else None


def _is_quotation(outside: Sequence[str], repaired: Sequence[str]) -> bool:
    """Whether the ruins of a line are only a small part of it, and the rest is correct."""
    correct = len(_JAPANESE.findall(_LOST.sub("", "\n".join(outside))))
    wide = sum(map(_wide_in, repaired))
    return bool(correct) and wide < QUOTED and wide < max(SHORT, OUTWEIGHS * correct)


def _wide_in(text: str) -> int:
    return len(_HIGH.findall(text))


def _unshifted(text: str) -> str:
    """The text with what lies between `$B` and `(B` in the character set that these shift to."""
    ruins = {found[0]: _unshift(found) for found in _SHIFTED.finditer(text) if found[2]}
    gains = {ruin: _gain(ruin, true) for ruin, true in ruins.items() if true}
    kana = sum(kana_in(true) for ruin, true in ruins.items() if ruin in gains)
    if sum(gains.values()) < SURE or kana < SURE_KANA:
        return text
    return _SHIFTED.sub(lambda it: ruins[it[0]] if gains.get(it[0], 0.0) > 0 else it[0], text)


def _unshift(found: re.Match[str]) -> str:
    try:
        return f"\x1b$B{found[1]}\x1b(B".encode("ascii").decode("iso2022_jp")
    except UnicodeDecodeError:
        return ""
