"""
Cleaners of characters: line ends, control characters, zero-width characters, widths.

Each mends one thing that extraction, old encodings or input methods leave behind, and leaves
alone what an author may have meant: ①, ㎡ and ㈱, which NFKC would break, full-width punctuation,
and the variation selector that tells one form of a kanji from another. Whole lines that are not
text are the work of `footers/`, personal data of `personal/`.

They build on one another in this order: control, zero_width, width, line_ends.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.characters import CODE_POINTS, ranges
from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.text import Texts, character_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

# --- line_ends -------------------------------------------------------------------------------

BREAKS = "\r\v\f\x85\u2028\u2029"
"""What ends a line besides the line feed: CR, tabulation and feed of pages, NEL, LS, PS."""

SPACES = " \t\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""White space within a line: no-break, en and em spaces, and the ideographic space U+3000."""

_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_BLANK_LINES = re.compile("\n{3,}")


_IS_SPACE = character_table(SPACES)
_IS_BREAK = character_table(BREAKS)


def _untidy(texts: Texts) -> NDArray[np.bool_]:
    untidy: NDArray[np.bool_] = kernels.lines.have_untidy_ends(
        texts.codes, texts.start, _IS_SPACE, _IS_BREAK
    )
    return untidy


@cleaner("line_ends", due=_untidy)
def line_ends(text: str) -> str:
    r"""
    One kind of line end, no white space before it, at most one blank line in a row.

    Blank lines at the start and the end of the text go as well; the ideographic space that
    indents the first line of a paragraph stays.

    >>> line_ends("\r\n　米を研ぐ。 \r\n\r\n\r\n\r\n水を替える。\r\n")
    '　米を研ぐ。\n\n水を替える。'
    """
    if any(map(text.__contains__, BREAKS)):
        text = _BREAK.sub("\n", text)
    # Cutting into lines is linear; a pattern for "blanks before a line end" is not.
    text = "\n".join([line.rstrip(SPACES) for line in text.split("\n")])
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip("\n")


# --- control ---------------------------------------------------------------------------------

CONTROLS = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 and C1 without tab and line ends
    "\xad"  # soft hyphen
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction of writing
    "\u206a-\u206f\ufff9-\ufffb"  # withdrawn formats, interlinear annotation
    "\ufeff\ufffc"  # byte order mark; place of an embedded object
    "\ufdd0-\ufdef\ufffe-\uffff"  # noncharacters
    + "".join(
        f"{chr(plane + 0xFFFE)}-{chr(plane + 0xFFFF)}"
        for plane in range(1 << 16, 17 << 16, 1 << 16)
    )
)
"""Characters that show nothing and mean nothing in a text, as for `character_table`."""

_CONTROL = re.compile(
    # UTF-8 that was read as Latin-1: kept, for it is how mojibake is recognised and rejected.
    "([\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
    f"|[{CONTROLS}]+"
)


def _kept(match: re.Match[str]) -> str:
    """What the pattern keeps; asked in this way it is much faster than by a template."""
    return match[1] or ""


@cleaner("control", touches=CONTROLS)
def control(text: str) -> str:
    r"""
    No control characters: C0, C1, byte order marks, bidi marks, soft hyphens, noncharacters.

    Tabs and line ends stay, and so does U+FFFD, which tells that something could not be decoded.
    C1 controls inside UTF-8 that was read as Latin-1 stay too: without them the mojibake signals
    would be blind, and the text is lost anyway.

    >>> control("白\x00米\ufeffと\u202e玄米")
    '白米と玄米'
    """
    return _CONTROL.sub(_kept, text)


# --- zero_width ------------------------------------------------------------------------------

_EMOJI = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_KANJI = "々〆〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af"
"""Arabic, Indic, Burmese, Khmer, Mongolian: scripts that spell with joiners and non-joiners."""

INVISIBLE = (
    "\u034f\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f"
    "\ufeff\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
"""Characters without a width: spaces, joiners, variation selectors, tags."""

_ZERO_WIDTH = re.compile(
    "("
    "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # flags of regions
    f"|[{_EMOJI}][\ufe0e\ufe0f]?(?:\u200d[{_EMOJI}][\ufe0e\ufe0f]?)*"  # families, professions
    "|[0-9#*]\ufe0f(?=\u20e3)"  # keycaps
    f"|[{_KANJI}][\ufe00-\ufe02\U000e0100-\U000e01ef]"  # forms of one kanji: 葛 of two towns
    "|[、。，．！：；？]\ufe00|[、。，．！：；？]\ufe01"  # corner or centre
    f"|[{_JOINING}][\u200c\u200d]"
    ")"
    f"|[{INVISIBLE}]+"
)
_NEAR_INVISIBLE = re.compile(f"[{INVISIBLE}]+(?:[^{INVISIBLE}][{INVISIBLE}]+)*")
"""Runs of such characters, with what stands alone between them."""


@cleaner("zero_width", touches=INVISIBLE)
def zero_width(text: str) -> str:
    r"""
    No zero-width characters but those that change what a reader sees.

    Kept are joiners inside emoji and in scripts that spell with them, variation selectors after
    the kanji or emoji they belong to, and the tags of regional flags. All else is left over from
    line-breaking hints, copying and hidden messages, and would cut words in two.

    >>> zero_width("精\u200b米\u2060所 葛\U000e0100城").encode("unicode-escape").decode()
    '\\u7cbe\\u7c73\\u6240 \\u845b\\U000e0100\\u57ce'
    """
    made: list[str] = []
    done = 0
    # The pattern is slow, so it sees no more than what has no width and what may decide on it: the
    # character right before, and for keycaps the one right behind.
    for found in _NEAR_INVISIBLE.finditer(text):
        begin, end = max(found.start() - 1, done), found.end() + 1
        made += (text[done:begin], _ZERO_WIDTH.sub(_kept, text[begin:end]))
        done = end
    return "".join((*made, text[done:]))


# --- width -----------------------------------------------------------------------------------

_HALF_KANA = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
_FULL_KANA = (
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソ"
    "タチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
)
_TO_FULL = str.maketrans(_HALF_KANA, _FULL_KANA)

_PLAIN = (
    "うかきくけこさしすせそたちつてとはひふへほゝ"
    "ウカキクケコサシスセソタチツテトハヒフヘホワヰヱヲヽ"
)
_VOICED = (
    "ゔがぎぐげござじずぜぞだぢづでどばびぶべぼゞ"
    "ヴガギグゲゴザジズゼゾダヂヅデドバビブベボヷヸヹヺヾ"
)
_PLAIN_H = "はひふへほハヒフヘホ"
_HALF_VOICED = "ぱぴぷぺぽパピプペポ"
_COMPOSED = {
    plain + mark: composed
    for marks, plains, results in (
        ("ﾞ\u3099", _PLAIN, _VOICED),
        ("ﾟ\u309a", _PLAIN_H, _HALF_VOICED),
    )
    for mark in marks
    for plain, composed in zip(plains, results, strict=True)
}

_NARROW_KANA = "｡-ﾟ\u3099\u309a"
_NARROW = re.compile("[｡-ﾟ\u3099\u309a]")
# A kana before the run may take the run's first mark: カﾞ is ガ.
_KANA_RUN = re.compile(f"[{_PLAIN}]?[｡-ﾟ\u3099\u309a]+")
_MARKED_KANA = re.compile(f"[{_PLAIN}][ﾞ\u3099]|[{_PLAIN_H}][ﾟ\u309a]")

_EUC_PAIRS = re.compile("[､･][ｦ-ﾟ](?=[､･][ｦ-ﾟ])")
_EUC_SIGN = re.compile("[､･｡]")
_FEWEST_EUC_PAIRS = 3
"""Pairs of pairs: a sentence of ten kana has six and more."""

_WIDE = "０-９Ａ-Ｚａ-ｚ"
_ANY = f"0-9A-Za-z{_WIDE}"
_TO_ASCII = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}
_WHOLE = "．：／－％＠＿＆＋＝＃"
_LINKING = "／－＠＿＆＋"
# The first character is matched before anything is looked back at: so the search is one fast scan.
_TO_NARROW = re.compile(
    f"[{_WIDE}，{_WHOLE}](?:"
    f"(?<=[{_WIDE}])[{_WIDE}]*"
    # A symbol between two characters that are full-width themselves: the whole expression is.
    f"|(?<=[{_WIDE}][{_WHOLE}])[{_WHOLE}]*(?=[{_WIDE}])"
    f"|(?<=[{_ANY}][{_LINKING}])[{_LINKING}]*(?=[{_ANY}])"
    # ，and ．also are Japanese punctuation, ：follows labels: only figures make them ASCII.
    "|(?<=[0-9０-９][．，：])(?=[0-9０-９])"
    ")"
)


@cache
def _width_roles() -> NDArray[np.uint8]:
    """What `kernels.widths` asks of every code point."""
    of = kernels.widths
    roles = np.zeros(CODE_POINTS, np.uint8)
    for members, role in (
        (_NARROW_KANA, of.KANA),
        (_WIDE, of.WIDE),
        (_WHOLE, of.WHOLE),
        (_LINKING, of.LINKING),
        (_ANY, of.ANY),
        ("0-9０-９", of.FIGURE),
        ("．，：", of.POINT),
    ):
        for low, high in ranges(members):
            roles[low : high + 1] |= role
    return roles


def _widths(texts: list[str]) -> list[str]:
    """`width` for many texts: those with kana to widen one by one, the others by a kernel."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    start = np.cumsum([0, *map(len, texts)])
    codes, what = kernels.widths.narrow(codes, start, _width_roles())
    made = list(texts)
    for k in np.flatnonzero(what).tolist():
        if what[k] == kernels.widths.HAS_KANA:
            made[k] = width(texts[k])
        else:
            part = codes[start[k] : start[k + 1]]
            made[k] = part.tobytes().decode("utf-32-le", "surrogatepass")
    return made


@cleaner(
    "width", version=2, touches="｡-ﾟ\u3099\u309a０-９Ａ-Ｚａ-ｚ．，：／－＠＿＆＋", many=_widths
)
def width(text: str) -> str:
    """
    Katakana in full width, Latin letters and figures in ASCII, kana and their marks in one.

    ｶﾞ becomes ガ, か with a combining mark が, Ｗｅｂ Web. Symbols become ASCII only inside an
    expression: ３．１４, １，０００, ａ＠ｂ．ｊｐ. Japanese punctuation ！？（）～ stays, and so do
    ①, ㎡ and ㈱: NFKC on released text would turn them into 1, m2 and (株). The ideographic space
    stays. So do the ruins of EUC-JP that was read as Shift_JIS (､ｳ､ﾎ､ﾋ): in full width they would
    look like words to `text.mojibake_share`.

    >>> width("ﾄﾞﾗｲﾌﾞで３．１４㎞！")
    'ドライブで3.14㎞！'
    """
    if _NARROW.search(text):
        full = _sound_kana if _is_ruined_euc(text) else _full_kana
        text = _KANA_RUN.sub(full, text)
    return _TO_NARROW.sub(_to_ascii, text)


def _is_ruined_euc(text: str) -> bool:
    """
    Whether half-width kana of a text are the bytes of EUC-JP.

    Hiragana and katakana begin with the bytes of ､ and ･ there, and 、 and 。 are ｡｢ and ｡｣. Lists
    of single kana (ｱ､ｲ､ｳ) have the first without the second, and quotations the second alone.
    """
    return (
        ("｡｢" in text or "｡｣" in text)
        and len(_EUC_PAIRS.findall(text)) >= _FEWEST_EUC_PAIRS
    )  # fmt: skip


def _sound_kana(run: re.Match[str]) -> str:
    return run[0] if _EUC_SIGN.search(run[0]) else _full_kana(run)


def _full_kana(run: re.Match[str]) -> str:
    full = run[0].translate(_TO_FULL)
    full = _MARKED_KANA.sub(lambda pair: _COMPOSED[pair[0]], full)
    # A half-width mark without a kana to sit on becomes a mark of its own: あ゛.
    return full.replace("ﾞ", "゛").replace("ﾟ", "゜")


def _to_ascii(wide: re.Match[str]) -> str:
    return wide[0].translate(_TO_ASCII)
