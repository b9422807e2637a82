"""
Kinds of characters: every code point belongs to exactly one, so that one pass counts them all.

Signals ask for kinds by name (`texts.kinds("hiragana", "katakana")`). A name stands for the kinds
below it too: "kanji" for `kanji`, `kanji-date`, `kanji-simplified` and so on. Kinds are finer than
most signals need, and nothing here knows what a kind is good or bad for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.kept_tables import kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

CODE_POINTS = 0x110000
"""Number of Unicode code points: the size of a table with one entry for each."""


def ranges(characters: str) -> list[tuple[int, int]]:
    """
    Code-point ranges of a string in which `a-b` stands for a range.

    A hyphen at the start or the end stands for itself.

    >>> ranges("あ-んX")
    [(12354, 12435), (88, 88)]
    """
    found = []
    k = 0
    while k < len(characters):
        low = high = ord(characters[k])
        if k + 2 < len(characters) and characters[k + 1] == "-":
            high = ord(characters[k + 2])
            k += 2
        found.append((low, high))
        k += 1
    return found


def _encodable(codec: str) -> set[str]:
    """All ideographs of the basic plane that a codec can write."""
    ideographs = "".join(map(chr, [*range(0x3400, 0xA000), *range(0xF900, 0xFB00)]))
    return set(ideographs.encode(codec, errors="ignore").decode(codec))


def _chinese() -> list[NDArray[np.uint32]]:
    """
    Hanzi that tell Chinese from Japanese: simplified, traditional, and those of both.

    They are what the everyday Chinese character sets (GB 2312; Big5 level 1) have and the
    Japanese ones (Windows-31J, JIS X 0213) have not. JIS X 0213 is generous with names and old
    forms, so the pronouns and particles of spoken Chinese are added back by hand. Old forms such
    as 國 are not a sign of Chinese: Japanese books before 1946 are full of them.
    """
    japanese = _encodable("cp932") | _encodable("euc_jis_2004")
    everyday = bytes(
        part
        for lead in range(0xA4, 0xC7)
        for trail in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
        for part in (lead, trail)
    ).decode("big5", errors="ignore")
    simplified = (_encodable("gb2312") - japanese) | set("们吗")
    traditional = ((set(everyday) & _encodable("big5")) - japanese) | set("們嗎妳")
    both = (simplified & traditional) | set("你您她它吧呢咱哪啊啦喔哦")
    found = (simplified - both, traditional - both, both)
    return [np.array(sorted(map(ord, some)), np.uint32) for some in found]


_SIMPLIFIED, _TRADITIONAL, _CHINESE = (
    "".join(map(chr, codes.tolist())) for codes in kept("hanzi", [Path(__file__)], _chinese)
)

# Later entries win where two name the same character, so wide ranges come first.
KINDS: dict[str, str] = {
    "other": "\u0000-\U0010ffff",
    "foreign": (  # Scripts that are letters and neither Latin nor of East Asia.
        "\u0250-\u02af\u0370-\u03ff\u0400-\u052f\u0530-\u05ff\u0600-\u08ff\u0900-\u109f"
        "\u10a0-\u10ff\u1200-\u139f\u1400-\u167f\u1780-\u18af\u1e00-\u1fff\u2c00-\u2dff"
        "\ua640-\ua69f\ua8e0-\uabff\U00010000-\U0001bfff\U0001d400-\U0001d7ff"
    ),
    "mark": (
        "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\U000e0100-\U000e01ef"
    ),
    "symbol": (  # Arrows, mathematics, boxes, geometric shapes, dingbats, enclosed letters.
        "\u00a1-\u00bf\u2000-\u206f\u2070-\u20cf\u2100-\u2bff\u3003-\u303f\u3200-\u33ff×÷"
        "\uff01-\uff60\uffe0-\uffee"
    ),
    "greek": "Α-Ωα-ω",
    "latin-accented": "À-ÖØ-öø-ɏ",
    "hangul": "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff",
    "bopomofo": "\u3100-\u312f\u31a0-\u31bf",
    "hiragana": "\u3041-\u309f\U0001b001-\U0001b11f\U0001b132-\U0001b152",
    "hiragana-particle": "のはがをにでとも",
    "katakana": "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\U0001b000\U0001b155-\U0001b167",
    "katakana-half": "\uff66-\uff9f",
    "kanji": "々〆〇〻ヶヵ\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af",
    "kanji-date": "年月日時分秒曜火水木金土",
    "kanji-simplified": _SIMPLIFIED,
    "kanji-traditional": _TRADITIONAL,
    "kanji-chinese": _CHINESE,
    "latin": "A-Za-z",
    "latin-wide": "Ａ-Ｚａ-ｚ",
    "digit": "0-9",
    "digit-wide": "０-９",
    "blank": " \t\v\f\u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff",
    "newline": "\n\r",
    "kuten": "。．｡",
    "exclamation": "！？!?‼⁇⁈⁉",
    "toten": "、，､",
    "ellipsis": "…‥⋯",
    "middle_dot": "・･·•‧∙●○◎◆◇■□▪▫▶►▷★☆※",
    "bracket_open": "「『（【〔《〈［｛“‘〝｢〖〘",
    "bracket_close": "」』）】〕》〉］｝”’〟｣〗〙",
    "ascii_bracket": "()[]",
    "quote": "\"'",
    "comma": ",",
    "full_stop": ".",
    "colon": ":：;；",
    "dash": "-‐-―−－~〜～",
    "slash": "/／\\",
    "pipe": "|｜¦│",
    "arrow": ">»›＞→⇒≫«‹≪<＜←",
    "code_sign": "{}=$#_^`*+&@%",
    "box": "\u2500-\u259f",
    "emoji": "\U0001f000-\U0001faff\u200d\u20e3\u2764\u2728\u2b50\u26a0\u2705\u274c",
    "geta": "〓",
    "replacement": "\ufffc\ufffd",
    "private": "\ue000-\uf8ff\U000f0000-\U0010ffff",
    "control": "\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufff0-\ufffb\ufffe-\uffff",
}


def _kind_of() -> NDArray[np.uint8]:
    table = np.zeros(CODE_POINTS, np.uint8)
    for number, characters in enumerate(KINDS.values()):
        for low, high in ranges(characters):
            table[low : high + 1] = number
    return table


KIND_OF = kept("kinds", [Path(__file__)], lambda: [_kind_of()])[0]
"""For each code point the index of its kind in `KINDS`."""

KIND_NAMES = tuple(KINDS)

LETTERS = ("hiragana", "katakana", "kanji", "latin", "greek", "hangul", "foreign", "bopomofo")
"""All kinds of letters, without digits and marks."""

TO_HIRAGANA = {ord("ァ") + k: ord("ぁ") + k for k in range(ord("ヶ") - ord("ァ") + 1)}
"""Every katakana that has a hiragana of its own."""
