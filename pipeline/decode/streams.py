"""Decoding a stream piece by piece in an encoding that `decode` named."""

from __future__ import annotations

import codecs

from seimai.pipeline.decode.escapes import ESCAPE, MENDED_ESCAPES, read_escapes
from seimai.pipeline.decode.japanese import HANDLERS, as_windows

LONGEST_HELD = 1 << 20
"""Bytes of a line that are waited for before it is decoded in pieces."""


def incremental(encoding: str) -> codecs.IncrementalDecoder:
    """A decoder for pieces of a stream in one of the encodings that `decode` names."""
    if encoding == MENDED_ESCAPES:
        return _Escapes()
    if encoding == "eucjp_ms":
        return _Windows()
    codec, errors = HANDLERS.get(encoding, (encoding, "replace"))
    return codecs.getincrementaldecoder("utf-8-sig" if codec == "utf-8" else codec)(errors)


class _Windows(codecs.IncrementalDecoder):
    """EUC-JP with the characters that Windows has."""

    def __init__(self) -> None:
        super().__init__("replace")
        codec, errors = HANDLERS["eucjp_ms"]
        self._inner = codecs.getincrementaldecoder(codec)(errors)

    def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]  # noqa: FBT001, FBT002 - as the standard library has it
        """The text of the characters that are whole."""
        return as_windows(self._inner.decode(data, final))


class _Escapes(codecs.IncrementalDecoder):
    """ISO-2022-JP with vendor characters, by whole lines: no character holds a line feed."""

    def __init__(self) -> None:
        super().__init__("replace")
        self._held = self._shift = b""

    def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]  # noqa: FBT001, FBT002 - as the standard library has it
        """The text of the lines that are whole."""
        held = self._held + data
        cut = len(held) if final or len(held) > LONGEST_HELD else held.rfind(b"\n") + 1
        whole, self._held = self._shift + held[:cut], held[cut:]
        self._shift = next((one[0] for one in reversed(list(ESCAPE.finditer(whole)))), b"")
        return read_escapes(whole)[0]
