"""
Tokenize: one MeCab parse per text, through fugashi, stored as integers.

fugashi's tagger gets an output format of integers only (byte length and left context id), which
runs at nearly MeCab's own speed; nodes and features are never touched. The context ids map to
UniDic's parts of speech through `left-id.def`. This is the one place that imports fugashi.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seimai.pipeline.errors import Problem
from seimai.pipeline.kernels import codes as code_kernels
from seimai.pipeline.kernels import tokens as kernels
from seimai.pipeline.text import SENTENCE_STOP, Pieces, Texts, character_table
from seimai.pipeline.text.tokens import PARTS_OF_SPEECH, Tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_UNIT = 1000
"""Characters given to MeCab at once; its lattice has crashed on very long input."""

_FORMAT = r'-O "" -F "%pL\s%phl\s" -U "%pL\s-%phl\s" -E ""'
# `-O ""` is needed: unidic-lite's dicrc names an output format, which would win over -F.

_MECAB_BLANK = character_table(" \t\r\n\v\f\0")
"""
What MeCab takes as white space between tokens; the ideographic space is a token to it.

NUL would end its input, so it gets a space instead.
"""

_BLANK_POS = PARTS_OF_SPEECH.index("空白")

_REMEMBERED_LINES = 50_000
_REMEMBERED_LENGTH = 120
"""Menus and notices return on every page of a site: short lines are not parsed twice."""


@lru_cache(maxsize=1)
def _tagger() -> Any:
    """The one tagger of this process; it can be neither pickled nor shared between threads."""
    try:
        import fugashi
        import unidic_lite
    except ImportError as error:
        raise Problem("E001", what="tokenize", package=error.name, install="seimai") from error
    folder = unidic_lite.DICDIR
    return fugashi.GenericTagger(f'-r "{folder}/mecabrc" -d "{folder}" {_FORMAT}')


@lru_cache(maxsize=1)
def _pos_of_context() -> NDArray[np.uint8]:
    """UniDic's left context ids as places in `PARTS_OF_SPEECH`."""
    import unidic_lite

    place = {name: k for k, name in enumerate(PARTS_OF_SPEECH)}
    lines = (Path(unidic_lite.DICDIR) / "left-id.def").read_text("utf-8").splitlines()
    table = np.zeros(max(int(line.split(" ", 1)[0]) for line in lines) + 1, np.uint8)
    for line in lines:
        context, features = line.split(" ", 1)
        upper, lower = features.split(",")[:2]
        table[int(context)] = place.get(upper if lower == "*" else f"{upper}-{lower}", 0)
    return table


_seen: dict[str, str] = {}


def _parse(line: str) -> str:
    """MeCab's integers for one line, ended by a bar; short lines seen before come from memory."""
    known = _seen.get(line)
    if known is not None:
        return known
    parsed: str = _tagger().parse(line)
    # fugashi strips the output, so the last number has lost the space that ends it.
    parsed = f"{parsed} |" if parsed else "|"
    if len(line) <= _REMEMBERED_LENGTH:
        if len(_seen) >= _REMEMBERED_LINES:
            _seen.clear()
        _seen[line] = parsed
    return parsed


def tokenize(texts: Texts, max_chars: int | None = None) -> pa.Table:
    """
    Parse every text and give one row per text: `pos` list<uint8>, `length` list<uint32>.

    `pos` is a place in `PARTS_OF_SPEECH`, plus `UNKNOWN_BIT` for words the dictionary does not
    have; `length` is in characters and adds up to the length of the text, white space and parts
    not parsed being tokens of the kind 空白. With `max_chars`, a longer text is parsed only in
    its beginning, middle and end (see `sampled`).
    """
    lines = texts.lines if max_chars is None else sampled(texts, max_chars)
    start, end, line = kernels.cut_lines(
        texts.codes, lines.start, lines.end, SENTENCE_STOP, LONGEST_UNIT
    )
    owner = lines.owner[line]
    first = np.searchsorted(owner, np.arange(len(texts) + 1))
    strings = [text.replace("\0", " ") for text in texts.column.to_pylist()]
    base = texts.start[owner]
    parse = _parse
    outputs = [
        parse(strings[i][a:b])
        for i, a, b in zip(
            owner.tolist(), (start - base).tolist(), (end - base).tolist(), strict=True
        )
    ]
    stream = np.frombuffer("".join(outputs).encode("ascii"), np.uint8)
    pos, length, offsets, broken = kernels.assemble_tokens(
        stream,
        texts.codes,
        start,
        end,
        first,
        texts.start,
        _pos_of_context(),
        _MECAB_BLANK,
        np.uint8(_BLANK_POS),
    )
    if broken >= 0:
        text = strings[int(owner[broken])]
        raise Problem("S006", start=text[:40])
    lists = pa.array(offsets, pa.int64())
    return pa.table(
        {
            "pos": pa.LargeListArray.from_arrays(lists, pa.array(pos)),
            "length": pa.LargeListArray.from_arrays(lists, pa.array(length)),
        }
    )


def sampled(texts: Texts, max_chars: int) -> Pieces:
    """
    The lines of each text that lie in the parts word signals are judged from.

    A text of up to `max_chars` characters is taken whole. A longer one is taken in three
    windows of a third each: at its beginning, its middle and its end. A line that a window
    cuts is cut there.
    """
    lines = texts.lines
    long = texts.length > max_chars
    if not long.any():
        return lines
    third = max_chars // 3
    begin, size = texts.start[:-1], texts.length
    windows = [
        np.where(long, begin, begin),
        np.where(long, begin + (size - third) // 2, begin),
        np.where(long, begin + size - third, begin),
    ]
    owner = lines.owner
    parts = []
    for k, low in enumerate(windows):
        high = np.where(long, low + third, begin + size)
        a = np.maximum(lines.start, low[owner])
        b = np.minimum(lines.end, high[owner])
        keep = (a < b) & (long[owner] | (k == 0))
        parts.append((a[keep], b[keep], owner[keep]))
    start, end, who = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((start, who))
    count = np.bincount(who, minlength=len(texts))
    return Pieces(start[order], end[order], np.concatenate(([0], np.cumsum(count))))


def tokens_of(texts: Texts, table: pa.Table) -> Tokens:
    """The stored tokens of `texts`, white space left out, as signals see them."""
    pos_column = table.column("pos").combine_chunks()
    offsets = pos_column.offsets.to_numpy()
    pos = pos_column.flatten().to_numpy()
    length = table.column("length").combine_chunks().flatten().to_numpy()
    # Lengths add up to each text, so a running sum is the place in the code points.
    end = np.cumsum(length, dtype=np.int64)
    kind = pos & np.uint8(kernels.UNKNOWN_BIT - 1)
    words = kind != _BLANK_POS
    surface = code_kernels.hash_pieces(
        texts.codes, (end - length)[words].astype(np.int64), end[words]
    )
    return Tokens(
        kind[words],
        pos[words] >= kernels.UNKNOWN_BIT,
        surface,
        length[words].astype(np.int64),
        np.concatenate(([True], ~words[:-1]))[words] if words.size else words,
        np.concatenate(([0], np.cumsum(words)))[offsets],
    )


def tokenize_texts(texts: Texts) -> Tokens:
    """Tokens of a batch in one call, for tests, examples and `explain`."""
    return tokens_of(texts, tokenize(texts))
