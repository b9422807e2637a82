"""
Tokenizers by path: a `tokenizer.json` of Hugging Face, or a model of SentencePiece.

Nothing is fetched. A text is only ever text: what looks like a special token in it becomes
ordinary tokens, so that no page can end its own document. Which token ends a document is said by
the user, never guessed.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline.errors import Problem
from seimai.pipeline.names import nearest

BATCH_BYTES = 1_000_000
"""Text that is encoded at once: what the package holds for a token is some hundred bytes."""

SMALL_VOCABULARY = 65_500
"""Vocabularies below this have ids of two bytes; the figure is Megatron's."""

NONE = "none"
"""What a user writes if documents have no such token."""

Lists: TypeAlias = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Tokenizer:
    """A tokenizer that was loaded."""

    path: str
    kind: str
    """The package that reads it: `tokenizers` or `sentencepiece`."""
    sha256: str
    vocabulary: int
    """The size of the vocabulary: the highest id and one more."""
    before: tuple[int, ...]
    """Ids of the tokens that begin a document; empty where nothing does."""
    after: tuple[int, ...]
    """Ids of the tokens that end a document; empty where nothing does."""
    unknown: int | None
    """The id of unknown tokens; None where the vocabulary has none."""
    encode: Callable[[list[str]], Lists]
    specials: dict[int, str]
    """Special tokens by id; text never becomes one of them."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type in which ids are stored in files."""
        return np.dtype(np.uint16 if self.vocabulary < SMALL_VOCABULARY else np.int32)

    def about(self) -> dict[str, Any]:
        """What decides its ids, for records and fingerprints."""
        return {
            "name": Path(self.path).name,
            "kind": self.kind,
            "version": version(self.kind),
            "sha256": self.sha256,
            "vocabulary": self.vocabulary,
            "before": list(self.before),
            "after": list(self.after),
        }


def load_tokenizer(path: str, eod: str | None, bod: str | None = None) -> Tokenizer:
    """
    The tokenizer in a file; `eod` and `bod` are the tokens that end and begin a document.

    Raises `Problem`: T001 no such file, T002 not a tokenizer, T003 no end of document named,
    T004 a token that is not in the vocabulary.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise Problem("T001", path=path, cause=error.strerror or str(error)) from error
    sha256 = hashlib.sha256(data).hexdigest()
    # A model of SentencePiece is a protocol buffer, JSON begins with a bracket.
    is_json = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    name = "tokenizers" if is_json else "sentencepiece"
    try:
        loaded = _hugging_face(data) if is_json else _sentence_piece(data)
    except ModuleNotFoundError as error:
        raise Problem(
            "E001", what="tokens", package=error.name, install="seimai[tokens]"
        ) from error
    except Exception as error:  # both packages raise classes of their own, or bare ones
        cause = str(error).split("\n", 1)[0][:120]
        raise Problem("T002", path=path, cause=cause) from error
    encode, ids, unknown, specials = loaded
    if eod is None:
        raise Problem("T003", known=", ".join(specials) or "–")
    before, after = (
        () if token in (None, NONE) else (_id_of(str(token), ids, specials),)
        for token in (bod, eod)
    )
    size = max(ids.values(), default=-1) + 1
    reserved = {ids[token]: token for token in specials if token in ids and ids[token] != unknown}
    return Tokenizer(path, name, sha256, size, before, after, unknown, encode, reserved)


_Loaded = tuple[Callable[[list[str]], Lists], dict[str, int], int | None, list[str]]


def _hugging_face(data: bytes) -> _Loaded:
    from tokenizers import Tokenizer as HuggingFace

    model = HuggingFace.from_str(data.decode("utf-8-sig"))
    model.no_truncation()
    model.no_padding()
    model.encode_special_tokens = True
    ids = model.get_vocab(with_added_tokens=True)
    specials = [
        token.content for token in model.get_added_tokens_decoder().values() if token.special
    ]
    unknown = getattr(model.model, "unk_token", None)
    if unknown is None:
        # A unigram model does not tell its own; this is what its trainers call it.
        unknown = next((name for name in ("<unk>", "[UNK]") if name in ids), None)

    def encode(texts: list[str]) -> Lists:
        return [one.ids for one in model.encode_batch_fast(texts, add_special_tokens=False)]

    return encode, ids, ids.get(unknown) if unknown else None, specials


def _sentence_piece(data: bytes) -> _Loaded:
    from sentencepiece import SentencePieceProcessor

    model = SentencePieceProcessor(model_proto=data)
    size = model.get_piece_size()
    if not size:
        raise ValueError("it has no vocabulary")
    ids = {model.id_to_piece(k): k for k in range(size)}
    specials = [name for name, k in ids.items() if model.is_control(k)]

    def encode(texts: list[str]) -> Lists:
        found: Lists = model.encode(texts, out_type=int, num_threads=1)
        return found

    return encode, ids, model.unk_id(), specials


def _id_of(token: str, ids: dict[str, int], specials: Sequence[str]) -> int:
    if token not in ids:
        known = ", ".join(specials) or "–"
        raise Problem("T004", token=token, known=known, near=nearest(token, specials))
    return ids[token]


def encoded(
    tokenizer: Tokenizer, texts: Sequence[str]
) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """
    The ids of texts one after the other, and for each text how many and how many unknown.

    What begins and ends a document is among them.
    """
    flat: list[NDArray[Any]] = []
    lengths = np.zeros(len(texts), np.int64)
    unknown = np.zeros(len(texts), np.int64)
    before, after = (np.array(ids, tokenizer.dtype) for ids in (tokenizer.before, tokenizer.after))
    reserved = np.zeros(tokenizer.vocabulary, np.bool_)
    reserved[list(tokenizer.specials)] = True
    for first, last in _batches(texts):
        found = list(tokenizer.encode(list(texts[first:last])))
        ids = _joined(found, tokenizer.dtype)
        if reserved[ids].any():
            wrong = [k for k, one in enumerate(found) if reserved[list(one)].any()]
            for k in wrong:
                found[k] = _in_parts(tokenizer, texts[first + k])
            ids = _joined(found, tokenizer.dtype)
        size = np.fromiter(map(len, found), np.int64, len(found))
        ends = np.cumsum(size)
        if tokenizer.unknown is not None:
            seen = np.concatenate([[0], np.cumsum(ids == tokenizer.unknown)])
            unknown[first:last] = seen[ends] - seen[ends - size]
        whole = size + before.size + after.size
        lengths[first:last] = whole
        framed = np.empty(int(whole.sum()), tokenizer.dtype)
        stops = np.cumsum(whole)
        inside = np.ones(framed.size, np.bool_)
        for k, token in enumerate(before):
            framed[stops - whole + k] = token
            inside[stops - whole + k] = False
        for k, token in enumerate(after[::-1], 1):
            framed[stops - k] = token
            inside[stops - k] = False
        framed[inside] = ids
        flat.append(framed)
    return np.concatenate(flat) if flat else np.zeros(0, tokenizer.dtype), lengths, unknown


def _joined(found: Lists, dtype: np.dtype[Any]) -> NDArray[Any]:
    parts = [np.array(one, dtype) for one in found]
    return np.concatenate(parts) if parts else np.zeros(0, dtype)


def _in_parts(tokenizer: Tokenizer, text: str) -> list[int]:
    """
    The ids of a text that looks like a special token somewhere: cut inside of those places.

    A unigram model has special tokens among its pieces, and finds them in a text as any other.
    """
    mark = "\0"
    while mark in text:
        mark += "\1"
    for token in tokenizer.specials.values():
        text = text.replace(token, f"{token[:1]}{mark}{token[1:]}")
    found = [one for part in tokenizer.encode(text.split(mark)) for one in part]
    return [one for one in found if one not in tokenizer.specials]


def _batches(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Rows from and to, of about `BATCH_BYTES` each (three bytes a character)."""
    ends = np.cumsum([len(text) * 3 for text in texts], dtype=np.int64)
    cuts = np.flatnonzero(np.diff(ends // BATCH_BYTES, prepend=0)).tolist()
    edges = sorted({0, *cuts, len(texts)})
    return list(itertools.pairwise(edges))
