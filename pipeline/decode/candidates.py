"""
Which encoding bytes are in: every candidate decoded on a sample, and the results compared.

Where the answer is plain, as it is for nearly all Japanese files, two searches find it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from seimai.pipeline.decode.alphabets import ALPHABETS
from seimai.pipeline.decode.japanese import HANDLERS, REPLACEMENT, split_tail
from seimai.pipeline.decode.plausible import codes_of, plausibility

SAMPLE = 2048
"""Bytes by which candidates are compared; more does not change the answer."""

GLANCE = 512
"""Bytes that are looked at first; where they leave no doubt, no more are."""

PLAIN_MARGIN = 60.0
"""A reading this many nats ahead of its rival is plain: one chance in e^60."""

REACH = 1 << 16
"""Bytes from which the sample is gathered where characters stand scattered in ASCII."""

MARGIN = 24
"""Bytes of ASCII that are kept before and after bytes that are not."""

HOPELESS = 200.0
"""A reading this many nats behind the best is not even measured."""

PLAIN_KANA = 16
PLAIN_SHARE = 0.1
"""Kana in other languages' encodings are at other bytes: so many are found only in Japanese. Half
of running text is kana, a third of a list of company names, a tenth of the contents of a law."""

PLAIN_KINDS = 6
"""This many different kana among the decoded characters leave no doubt."""

DECLARED_BONUS = 8.0
"""
What a declaration is worth: it decides between readings that differ by a factor e^8, a word or two.
"""

HOME_BONUS = 3.0
"""Japanese encodings before others, utf-8 before all: what such a pipeline is given."""

LOST_COST = 14.0
"""What a character costs that cannot be decoded: more than the rarest kanji."""

FEW_LOST = 24
"""Characters that may be vendors' in a sample that has hardly any others; handlers are slow."""

TAIL_COST = 12.0
"""What it costs a byte to end inside a character: few files are cut, there only one in two."""

WORST = -9.0
"""Mean log-likelihood per character below which no language fits: text has -3 to -6, noise -11."""

NOISE = -11.0
"""Plausibility a character of chance: whatever won, nobody knows what this is."""

DOUBT = 4.0
"""Scores overstate confidence by this factor: neighbouring characters depend on each other."""

CANDIDATES: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("cp932", ("ja", "en"), HOME_BONUS),
    ("euc_jp", ("ja", "en"), HOME_BONUS),
    ("utf-8", ("ja", "zh-hans", "zh-hant", "ko", *ALPHABETS), HOME_BONUS + 2),
    ("gb18030", ("zh-hans", "zh-hant"), 0.0),
    ("big5hkscs", ("zh-hant",), 0.0),
    ("cp949", ("ko",), 0.0),
    ("utf-16-le", ("ja", "zh-hans", "zh-hant", "ko", "latin", "cyrillic"), 0.0),
    ("utf-16-be", ("ja", "zh-hans", "zh-hant", "ko", "latin", "cyrillic"), 0.0),
    ("cp1252", ("latin",), 0.0),
    ("cp1250", ("central",), -5.0),
    ("cp1251", ("cyrillic",), -4.0),
    ("cp1253", ("greek",), -6.0),
    ("cp1254", ("turkish",), -5.0),
    ("cp874", ("thai",), -9.0),
    ("koi8-r", ("cyrillic",), -6.0),
    ("iso8859_2", ("central",), -6.0),
    ("iso8859_15", ("latin",), -4.0),
    ("cp1258", ("vietnamese",), -8.0),
    ("koi8_u", ("cyrillic",), -8.0),
    ("cp866", ("cyrillic",), -9.0),
    ("cp850", ("latin",), -8.0),
    ("cp852", ("central",), -9.0),
    ("iso8859_5", ("cyrillic",), -9.0),
)
"""Codec, the languages it is written in, and how likely it is before anything is seen."""

WIDE_ZEROS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("utf-32-le", ("ja", "zh-hans", "zh-hant", "ko", "latin", "cyrillic"), -4.0),
    ("utf-32-be", ("ja", "zh-hans", "zh-hant", "ko", "latin", "cyrillic"), -4.0),
)
"""Encodings that are only tried where some bytes are zero."""

CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
"""Bytes that are hardly in texts, but in every other kanji of UTF-16."""

_NOT_COMPARED = ("iso2022", "utf", "hz")
_ZEROS = re.compile("\0+")
_HIGH = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(0x80))
_EUC = bytes({*_ASCII, 0x8E, 0x8F, *range(0xA1, 0xFF)})
"""All byte values that EUC-JP uses."""

_WORD = re.compile(rb"([^\0-\x3f]*)[\0-\x3f]*")
"""A word and what follows it: no multibyte encoding has bytes below 0x40 after the first, but
GB18030, whose pairs of digits are rare."""
_WIDE_WORD = re.compile(rb"[\x80-\xff][^\0-\x3f]*")
FEWEST_LINES = 3

_CP932_KANA = re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x7e\x80-\x96]")
_EUC_KANA = re.compile(rb"[\xa4\xa5][\xa1-\xf6]")


@dataclass(frozen=True, slots=True)
class Choice:
    """The encoding that bytes are most plausibly in."""

    name: str
    confidence: float
    mean: float
    """Plausibility a character; 0 where it was plain and not measured."""


def choose(data: bytes, claim: str | None) -> Choice:
    """The best candidate, on more and more of the data until one is plainly ahead."""
    first = _first(data)
    for size in (GLANCE, SAMPLE):
        plain = _plain(data[first : first + size])
        if plain:
            return Choice(plain, 1.0, 0.0)
    sample = _distinct(_dense(data, first))
    for size in (GLANCE, SAMPLE):
        part = sample[:size]
        whole = len(part) == len(sample) and len(data) <= SAMPLE
        scored = sorted(_scores(part, claim, whole=whole), reverse=True)
        (best, name, languages), (second, _, _) = scored[:2]
        if len(part) == len(sample) or best - second > PLAIN_MARGIN:
            break
    if best == -math.inf:
        return Choice(name, 0.0, -math.inf)
    mean = _mean(part, name, languages)
    sure = 1 / (1 + math.exp((second - best) / DOUBT))
    return Choice(name, sure if mean > NOISE else sure / 2, mean)


def _scores(
    sample: bytes, claim: str | None, *, whole: bool
) -> list[tuple[float, str, tuple[str, ...]]]:
    candidates = CANDIDATES + WIDE_ZEROS if b"\0" in sample else CANDIDATES
    compared = {name for name, _, _ in candidates}
    if claim and claim not in compared and not claim.startswith(_NOT_COMPARED):
        candidates += ((claim, ("ja", *ALPHABETS), 0.0),)
    scores: list[tuple[float, str, tuple[str, ...]]] = []
    best = -math.inf
    for name, languages, bonus in candidates:
        score = _score(sample, name, languages, best - HOPELESS, whole=whole)
        scores.append((score + bonus + DECLARED_BONUS * (claim == name), name, languages))
        best = max(best, scores[-1][0])
    return scores


def _first(data: bytes) -> int:
    """Where a sample begins: at what is not ASCII, but so that UTF-16 and UTF-32 are not askew."""
    match = _HIGH.search(data) if len(data) > SAMPLE else None
    return match.start() // 4 * 4 if match else 0


def _dense(data: bytes, first: int) -> bytes:
    """A part of the data without long stretches of ASCII: scripts in a page, code, tables."""
    if len(data) <= SAMPLE or b"\0" in data[:SAMPLE]:
        return data[first : first + SAMPLE]
    part = data[first : first + REACH]
    high = np.flatnonzero(np.frombuffer(part, np.uint8) >= len(_ASCII))
    ends = high[:-1][np.diff(high) > 2 * MARGIN]
    pieces, place = [], 0
    # The byte after a high one may be the second half of a character, so stretches keep their ends.
    for end in [*ends[: SAMPLE // MARGIN].tolist(), len(part)]:
        pieces.append(part[place : end + MARGIN])
        following = int(np.searchsorted(high, end + 1))
        place = int(high[following]) - MARGIN + 1 if following < len(high) else len(part)
    return b"".join(pieces)[:SAMPLE]


def _distinct(sample: bytes) -> bytes:
    """
    The sample with each word that is not ASCII only once.

    A column of a table says 出荷済 in every row. That is the evidence of one word: misread, it
    would be forty times as sure of the wrong encoding.
    """
    if sample.count(b"\n") < FEWEST_LINES or b"\0" in sample or _is_kana_wide(sample):
        return sample
    words = _WIDE_WORD.findall(sample)
    if len(set(words)) == len(words):
        return sample
    seen: set[bytes] = set()
    parts = []
    for match in _WORD.finditer(sample):
        word = match[1]
        if word not in seen:
            parts.append(match[0])
            if not word.isascii():
                seen.add(word)
    return b"".join(parts)


def _is_kana_wide(sample: bytes) -> bool:
    """Whether it may be kana in UTF-16, which must not get out of step."""
    return max(sample[::2].count(0x30), sample[1::2].count(0x30)) * 6 > len(sample) // 2


def _plain(sample: bytes) -> str | None:
    """The encoding of what is running text beyond doubt; None where all must be asked."""
    if len(sample) < GLANCE // 4:
        return None
    if b"\0" in sample:
        return _plain_utf16(sample)
    high = len(sample.translate(None, _ASCII))
    cp932_kana, euc_kana = _CP932_KANA.findall(sample), _EUC_KANA.findall(sample)
    windows, unix = len(cp932_kana), len(euc_kana)
    least = max(PLAIN_KANA, PLAIN_SHARE * high / 2)
    if len(set(cp932_kana if windows > unix else euc_kana)) < PLAIN_KINDS:
        windows = unix = 0  # One word again and again.
    if windows >= least and windows > 4 * unix:
        name = "cp932"
    elif unix >= least * 1.5 and unix > 4 * windows and not sample.translate(None, _EUC):
        name = "euc_jp"
    else:
        name = "utf-8"
    try:
        text, _ = split_tail(sample, name, "strict")
    except UnicodeDecodeError:
        return None
    if name == "utf-8" and (
        np.count_nonzero(codes_of(text) > ord("߿")) < PLAIN_KANA or CONTROL.search(sample)
    ):
        return None
    return name


def _plain_utf16(sample: bytes) -> str | None:
    even = sample[: len(sample) // 2 * 2]
    for name, order in (("utf-16-le", "<u2"), ("utf-16-be", ">u2")):
        units = np.frombuffer(even, order)
        kana = int(((units > ord("぀")) & (units <= ord("ヿ"))).sum())
        zeros = int((units == 0).sum())  # Every other unit of UTF-32.
        if kana >= max(PLAIN_KANA, PLAIN_SHARE * int((units > ord("\x7f")).sum()), 2 * zeros):
            return name
    return None


def _score(
    sample: bytes, name: str, languages: tuple[str, ...], least: float, *, whole: bool
) -> float:
    """How plausible the sample is in an encoding; -inf where it is none, or less than `least`."""
    codec, errors = HANDLERS.get(name, (name, "replace"))
    text, tail = split_tail(sample, codec, "replace")
    lost = text.count(REPLACEMENT)
    many = lost * 4 > len(text) + 4
    if not text or (many and lost > FEW_LOST) or (name.startswith("utf-16") and len(text) < 2):
        return -math.inf
    if lost and errors != "replace":
        # Vendor characters are read in Python, so only where the rest is good.
        text, tail = split_tail(sample, codec, errors)
        lost = text.count(REPLACEMENT)
        many = lost * 4 > len(text) + 4
    losses = lost * LOST_COST + whole * len(tail) * TAIL_COST
    if many or -losses < least:
        return -math.inf
    return _plausibility(text, languages) - losses


def _plausibility(text: str, languages: tuple[str, ...]) -> float:
    if "\0" in text:  # Records are filled up with them.
        text = _ZEROS.sub("\0", text)
    # A sample begins as a line does: how probable its first character is there counts too, which is
    # half of what is known of a word of two.
    codes = codes_of(f"\n{text}")
    return max(plausibility(codes, language) for language in languages)


def _mean(sample: bytes, name: str, languages: tuple[str, ...]) -> float:
    """Plausibility a character of what could be decoded."""
    text, _ = split_tail(sample, *HANDLERS.get(name, (name, "replace")))
    text = _ZEROS.sub("\0", text.replace(REPLACEMENT, ""))
    return _plausibility(text, languages) / max(len(text), 1)
