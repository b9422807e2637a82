"""
`Texts`: a batch of texts, seen as code points, lines, sentences and tokens.

This is what every signal gets. Everything is computed at most once per batch, at the first
question; the texts themselves stay in their Arrow buffer. Per-text results are arrays with one
entry per text, in the order of the batch.
"""

from __future__ import annotations

import re
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, TypeVar, runtime_checkable

import numpy as np
import pyarrow as pa

from seimai.pipeline import kernels
from seimai.pipeline.characters import KIND_NAMES, KIND_OF, LETTERS
from seimai.pipeline.text.pieces import Pieces, divide
from seimai.pipeline.text.tables import (
    BLANK,
    CLOSING,
    MASK_CODES,
    MASK_LENGTHS,
    SENTENCE_STOP,
    kind_table,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Doubles as Floats
    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.text.lexicon import Lexicon
    from seimai.pipeline.text.tokens import Tokens

_Result = TypeVar("_Result")

MANY_LINES = 1_000_000
"""Above this, kinds are counted line by line when they are asked for, and not remembered: a record
of eight million lines of one letter is hostile, and must not take gigabytes."""


@runtime_checkable
class Kept(Protocol):
    """A result of `Texts.once` that need not be computed again for texts that stay as they are."""

    def replaced(self, made: Texts, rows: Integers, new: Texts) -> Any:
        """The result for the batch `made`, which has the texts of `new` in some rows."""


class Texts:
    """A batch of texts; see the module docstring."""

    def __init__(
        self,
        column: pa.LargeStringArray,
        tokens: Tokens | None = None,
        carried: Mapping[str, NDArray[Any]] | None = None,
    ) -> None:
        self.column = column
        self._tokens = tokens
        self._carried = dict(carried or {})
        self._kinds: dict[tuple[str, ...], Integers] = {}
        self._once: dict[Callable[[Texts], Any], Any] = {}

    @classmethod
    def of(cls, *texts: str) -> Self:
        """A batch of the given strings, for examples and tests."""
        return cls(pa.array(texts, pa.large_string()))

    def with_tokens(self, tokens: Tokens) -> Self:
        """The same texts with their tokens; what was computed of them is not computed again."""
        made = copy(self)
        made._tokens = tokens  # noqa: SLF001 - it is one of us
        return made

    def take(self, rows: Integers) -> Texts:
        """Some of the texts, with what was carried along of them, as a batch of their own."""
        carried = {name: values[rows] for name, values in self._carried.items()}
        return Texts(self.column.take(pa.array(rows)), carried=carried)

    def replaced(self, rows: Sequence[int], texts: Sequence[str]) -> Texts:
        """
        The same batch with other texts in some rows, which are in order; nothing is carried along.

        What stays is neither decoded nor put together again. What was computed with `once` is
        forgotten, unless it is a `Kept`, which knows how to become that of the new batch.

        >>> Texts.of("玄米", "麦", "粟").replaced([1], ["白米"]).column.to_pylist()
        ['玄米', '白米', '粟']
        """
        new = Texts.of(*texts)
        places = np.array(rows, np.int64)
        data, offsets = kernels.splice.splice(*self.utf8, places, *new.utf8)
        made = Texts(
            pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(offsets), pa.py_buffer(data))
        )
        made._decoded = kernels.splice.splice(*self._decoded, places, *new._decoded)  # noqa: SLF001
        for compute, value in self._once.items():
            if isinstance(value, Kept):
                made._once[compute] = value.replaced(made, places, new)
        return made

    def __len__(self) -> int:
        return len(self.column)

    # --- characters ------------------------------------------------------------------------

    @cached_property
    def utf8(self) -> tuple[NDArray[np.uint8], Integers]:
        """The UTF-8 bytes of the batch and the `n + 1` offsets of its texts in them."""
        _, offsets, data = self.column.buffers()
        ends = np.frombuffer(offsets, np.int64)[
            self.column.offset : self.column.offset + len(self.column) + 1
        ]
        return np.frombuffer(data or b"", np.uint8), ends

    @cached_property
    def _decoded(self) -> tuple[NDArray[np.uint32], Integers]:
        data, offsets = self.utf8
        codes, start = kernels.codes.decode_utf8(data, offsets)
        return codes, start

    @property
    def raw_codes(self) -> NDArray[np.uint32]:
        """Code points of all texts, one after the other, as they are."""
        return self._decoded[0]

    @cached_property
    def _hidden(self) -> tuple[NDArray[np.uint32], Integers]:
        codes, count = kernels.codes.hide_masks(*self._decoded, MASK_CODES, MASK_LENGTHS)
        return codes, count

    @property
    def codes(self) -> NDArray[np.uint32]:
        """
        Code points of all texts, one after the other, as signals see them.

        A mask (see `MASKS`) is a row of zeros: it stands for a number or an address, and no text
        is better or worse for having been masked.
        """
        return self._hidden[0]

    @property
    def masks(self) -> Integers:
        """Number of masks in each text."""
        return self._hidden[1]

    @property
    def start(self) -> Integers:
        """Where each text starts in `codes`, with the end of the last one: `n + 1` places."""
        return self._decoded[1]

    @cached_property
    def length(self) -> Integers:
        """Number of characters of each text."""
        return np.diff(self.start)

    @cached_property
    def bytes(self) -> Integers:
        """Number of UTF-8 bytes of each text."""
        return np.diff(self.utf8[1])

    def between(self, low: str, high: str) -> Integers:
        """How many characters of each text lie between two characters, both included."""
        counts: Integers = kernels.codes.count_between(
            self.codes, self.start, np.uint32(ord(low)), np.uint32(ord(high))
        )
        return counts

    def members(self, table: NDArray[np.bool_], pieces: Pieces | None = None) -> Integers:
        """How many characters of each text (or piece) are in a `character_table`."""
        start, end = (
            (pieces.start, pieces.end)
            if pieces
            else (self.start[:-1].copy(), self.start[1:].copy())
        )
        counts: Integers = kernels.codes.count_members(self.codes, start, end, table)
        return counts

    @cached_property
    def _kinds_of_texts(self) -> NDArray[Any]:
        start = self.start
        kinds: NDArray[Any] = kernels.kinds.count_kinds(
            self.codes, start[:-1].copy(), start[1:].copy(), KIND_OF, len(KIND_NAMES)
        )
        return kinds

    @cached_property
    def _kinds_of_lines(self) -> NDArray[Any]:
        lines = self.lines
        kinds: NDArray[Any] = kernels.kinds.count_kinds(
            self.codes, lines.start, lines.end, KIND_OF, len(KIND_NAMES)
        )
        return kinds

    def kinds(self, *names: str, of: Literal["texts", "lines"] = "texts") -> Integers:
        """
        How many characters of the named kinds each text (or each line) has.

        The kinds are the keys of `characters.KINDS`. All of them are counted in one pass over
        the batch, at the first question.

        >>> Texts.of("ひらがなと漢字。", "").kinds("hiragana", "kanji")
        array([7, 0])
        """
        if of == "lines" and self.lines.start.size > MANY_LINES:
            return self.members(kind_table(*names)[KIND_OF], self.lines)
        key = (of, *names)
        if key not in self._kinds:
            counts = self._kinds_of_texts if of == "texts" else self._kinds_of_lines
            total = np.zeros(counts.shape[1], np.int64)
            for kind in np.flatnonzero(kind_table(*names)):
                total += counts[kind]
            self._kinds[key] = total
        return self._kinds[key]

    def letters(self, of: Literal["texts", "lines"] = "texts") -> Integers:
        """How many letters of any script each text (or each line) has; digits are none."""
        return self.kinds(*LETTERS, of=of)

    def visible(self, of: Literal["texts", "lines"] = "texts") -> Integers:
        """How many characters of each text (or each line) are not white space."""
        length = self.length if of == "texts" else self.lines.length
        return length - self.kinds("blank", "newline", of=of)

    def at(self, places: Integers, *names: str) -> NDArray[np.bool_]:
        """
        Whether the characters at these places of `codes` are of the named kinds.

        >>> texts = Texts.of("米を研ぐ。", "「はい」")
        >>> texts.at(texts.lines.end - 1, "kuten", "bracket_close")
        array([ True,  True])
        """
        found: NDArray[np.bool_] = kernels.kinds.are_of_kinds(
            self.codes, places, KIND_OF, kind_table(*names)
        )
        return found

    def share(self, counts: NDArray[Any]) -> Floats:
        """Counts of characters as a share of the length; nan for empty texts."""
        return divide(counts, self.length)

    # --- lines, sentences, tokens ----------------------------------------------------------

    @cached_property
    def lines(self) -> Pieces:
        """Lines that are not blank, trimmed of white space."""
        return Pieces(*kernels.codes.find_lines(self.codes, self.start, BLANK))

    @cached_property
    def sentences(self) -> Pieces:
        """Sentences: cut inside lines after 。．！？ and the brackets that close them."""
        lines = self.lines
        return Pieces(
            *kernels.codes.find_sentences(
                self.codes, lines.start, lines.end, lines.first, SENTENCE_STOP, CLOSING
            )
        )

    def hashes(self, pieces: Pieces) -> NDArray[np.uint64]:
        """A 64-bit hash per piece: equal pieces have equal hashes, in every batch and version."""
        hashes: NDArray[np.uint64] = kernels.codes.hash_pieces(self.codes, pieces.start, pieces.end)
        return hashes

    def keys(self, pieces: Pieces) -> NDArray[np.uint64]:
        """A 64-bit key per piece: equal pieces have equal keys. Nothing to store; see `hashes`."""
        keys: NDArray[np.uint64] = kernels.codes.key_pieces(self.codes, pieces.start, pieces.end)
        return keys

    def find(
        self, lexicon: Lexicon, inside: Pieces | None = None
    ) -> tuple[Pieces, NDArray[np.int32]]:
        """
        Where words of a lexicon stand, and which word (a place in `lexicon.words`) each is.

        The matches are pieces of the texts, or of the pieces `inside` which to search.
        """
        begin = inside.start if inside else self.start[:-1].copy()
        stop = inside.end if inside else self.start[1:].copy()
        start, end, word, first = kernels.match.find_words(self.codes, begin, stop, *lexicon[1:])
        return Pieces(start, end, first), word

    @property
    def tokens(self) -> Tokens:
        """MeCab's tokens; only for signals registered with `needs="tokens"`."""
        if self._tokens is None:
            raise ValueError("these texts have no tokens: register the signal with needs='tokens'")
        return self._tokens

    # --- other questions -------------------------------------------------------------------

    def carried(self, name: str) -> Floats:
        """A number per text that an earlier stage carried along; nan where it did not."""
        values = self._carried.get(name)
        return np.full(len(self), np.nan) if values is None else np.asarray(values, np.float64)

    def carries(self, name: str) -> bool:
        """Whether an earlier stage carried such a number along."""
        return name in self._carried

    def carry(self, numbers: Mapping[str, NDArray[Any]]) -> None:
        """Carry more numbers along; one per text each."""
        self._carried.update(numbers)

    def matches(self, pattern: str | re.Pattern[str]) -> Integers:
        """How often a regular expression matches in each text (for rare questions: it is slow)."""
        compiled = re.compile(pattern)
        return np.fromiter(
            (sum(1 for _ in compiled.finditer(text)) for text in self.column.to_pylist()),
            np.int64,
            len(self),
        )

    def once(self, compute: Callable[[Texts], _Result]) -> _Result:
        """`compute(self)`, remembered for this batch: several signals may share one kernel."""
        if compute not in self._once:
            self._once[compute] = compute(self)
        result: _Result = self._once[compute]
        return result
