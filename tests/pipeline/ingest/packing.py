"""LZH archives, packed by a plain writer of our own: what unpacks them is held against it."""

from __future__ import annotations

import heapq
import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping

Step = tuple[int, int]
"""A byte and 0, or 256 + the length of a repetition - 3 and how far back it is - 1."""


def lzh_of(
    members: Mapping[str, str | bytes],
    method: str = "lh5",
    level: int = 0,
    encoding: str = "cp932",
) -> bytes:
    """An LZH archive: `lh0`, `lh1` or `lh4` to `lh7`, with headers of level 0 to 3."""
    parts = []
    for name, content in members.items():
        data = content.encode() if isinstance(content, str) else content
        if method in {"lh4", "lh5", "lh6", "lh7"}:
            packed = in_blocks(data, 4 if method < "lh6" else 5)
        else:
            packed = adaptively(data) if method == "lh1" else data
        parts += [header(name.encode(encoding), data, packed, method, level), packed]
    return b"".join(parts) + b"\0"


def header(name: bytes, data: bytes, packed: bytes, method: str, level: int) -> bytes:
    """The header of a member; from level 1 on the name and its folder are fields."""
    kind = f"-{method}-".encode()
    crc = struct.pack("<H", checksum(data))
    folder, slash, last = name.rpartition(b"/")
    if level == 0:
        body = kind + struct.pack("<IIIBBB", len(packed), len(data), 0, 0x20, 0, len(name))
        body += name.replace(b"/", b"\\") + crc
        return bytes([len(body), sum(body) & 0xFF]) + body
    fields = [b"\x01" + last, b"\x02" + (folder + slash).replace(b"/", b"\xff")]
    width = 4 if level == 3 else 2
    tail = b"".join(
        (len(field) + width).to_bytes(width, "little") + field for field in fields
    ) + bytes(width)
    if level == 1:
        size = len(packed) + len(tail) - 2
        body = kind + struct.pack("<IIIBBB", size, len(data), 0, 0x20, 1, 0) + crc + b"U"
        body += tail[:2]
        return bytes([len(body), sum(body) & 0xFF]) + body + tail[2:]
    size = b"" if level == 2 else b"\4\0"
    body = kind + struct.pack("<IIIBB", len(packed), len(data), 0, 0x20, level) + crc + b"U"
    if level == 3:
        return size + body + (len(size) + len(body) + 4 + len(tail)).to_bytes(4, "little") + tail
    total = 2 + len(body) + len(tail)
    padding = b"\0" if total % 256 == 0 else b""
    return struct.pack("<H", total + len(padding)) + body + tail + padding


def checksum(data: bytes) -> int:
    """CRC-16, a bit at a time."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value


def steps(data: bytes, furthest: int, longest: int) -> Iterator[Step]:
    """Bytes and repetitions that make up the data; the last place of three bytes is tried."""
    seen: dict[bytes, int] = {}
    at = 0
    while at < len(data):
        place = seen.get(data[at : at + 3], -1)
        length = 0
        if place >= 0 and at - place <= furthest:
            while (
                length < longest
                and at + length < len(data)
                and data[place + length] == data[at + length]
            ):
                length += 1
        size = length if length >= 3 else 1
        yield (256 + length - 3, at - place - 1) if length >= 3 else (data[at], 0)
        for k in range(at, at + min(size, 8)):
            seen[data[k : k + 3]] = k
        at += size


class Bits:
    """Bits, the first one the highest of its byte."""

    def __init__(self) -> None:
        self.bits: list[str] = []

    def put(self, value: int, count: int) -> None:
        """A number in so many bits."""
        if count:
            self.bits.append(f"{value:0{count}b}")

    def done(self) -> bytes:
        """All of it, filled up with zeros."""
        text = "".join(self.bits)
        text += "0" * (-len(text) % 8)
        return int("1" + text, 2).to_bytes(len(text) // 8 + 1, "big")[1:]


class Code:
    """Huffman's code for symbols by how often they come; one symbol alone takes no bits."""

    def __init__(self, counts: Counter[int]) -> None:
        heap = [(count, symbol, (symbol,)) for symbol, count in sorted(counts.items())]
        self.only = heap[0][1] if len(heap) == 1 else None if heap else 0
        self.lengths = dict.fromkeys(counts, 0)
        heapq.heapify(heap)
        while len(heap) > 1:
            low, high = heapq.heappop(heap), heapq.heappop(heap)
            for symbol in low[2] + high[2]:
                self.lengths[symbol] += 1
            heapq.heappush(heap, (low[0] + high[0], min(low[1], high[1]), low[2] + high[2]))
        self.words: dict[int, int] = {}
        word = 0
        for length in range(1, 17):
            for symbol in sorted(one for one, size in self.lengths.items() if size == length):
                self.words[symbol] = word
                word += 1
            word <<= 1

    def put(self, bits: Bits, symbol: int) -> None:
        """Write a symbol."""
        if self.only is None:
            bits.put(self.words[symbol], self.lengths[symbol])

    def all_lengths(self) -> list[int]:
        """The lengths of all symbols up to the last that comes."""
        return [self.lengths.get(symbol, 0) for symbol in range(max(self.lengths) + 1)]


def in_blocks(data: bytes, place_bits: int = 4, block: int = 1000) -> bytes:
    """Pack as `-lh4-` to `-lh7-` do."""
    bits = Bits()
    every = list(steps(data, 1 << 12 if place_bits == 4 else 1 << 15, 256))
    for start in range(0, len(every), block):
        some = every[start : start + block]
        symbols = Code(Counter(symbol for symbol, _ in some))
        places = Code(Counter(back.bit_length() for symbol, back in some if symbol > 255))
        bits.put(len(some), 16)
        _put_long(bits, symbols)
        _put_short(bits, places, place_bits, gap=None)
        for symbol, back in some:
            symbols.put(bits, symbol)
            if symbol > 255:
                size = back.bit_length()
                places.put(bits, size)
                bits.put(back - (1 << size >> 1), max(size - 1, 0))
    return bits.done()


def _put_short(bits: Bits, code: Code, width: int, gap: int | None) -> None:
    if code.only is not None:
        bits.put(0, width)
        bits.put(code.only, width)
        return
    lengths = code.all_lengths()
    bits.put(len(lengths), width)
    k = 0
    while k < len(lengths):
        length = lengths[k]
        bits.put(min(length, 7), 3)
        for _ in range(7, length):
            bits.put(1, 1)
        if length >= 7:
            bits.put(0, 1)
        k += 1
        if k == gap:
            zeros = 0
            while zeros < 3 and k < len(lengths) and not lengths[k]:
                zeros, k = zeros + 1, k + 1
            bits.put(zeros, 2)


def _put_long(bits: Bits, code: Code) -> None:
    if code.only is not None:
        bits.put(0, 5)
        bits.put(0, 5)
        bits.put(0, 9)
        bits.put(code.only, 9)
        return
    lengths = code.all_lengths()
    said: list[tuple[int, int, int]] = []
    k = 0
    while k < len(lengths):
        zeros = 0
        while lengths[k + zeros] == 0:
            zeros += 1
        if zeros >= 20:
            said.append((2, zeros - 20, 9))
        elif zeros >= 3:
            said.append((1, zeros - 3, 4) if zeros <= 18 else (0, 0, 0))
            zeros = zeros if zeros <= 18 else 1
        elif zeros:
            said.append((0, 0, 0))
            zeros = 1
        else:
            said.append((lengths[k] + 2, 0, 0))
        k += zeros or 1
    short = Code(Counter(symbol for symbol, _, _ in said))
    _put_short(bits, short, 5, gap=3)
    bits.put(len(lengths), 9)
    for symbol, more, width in said:
        short.put(bits, symbol)
        bits.put(more, width)


KINDS = 314
NODES = 2 * KINDS - 1
MOST_COUNTED = 0x8000
PLACES = [(length, count) for length, count in zip(range(3, 9), (1, 3, 8, 12, 24, 16), strict=True)]


class Tree:
    """The adaptive code of `-lh1-`: nodes in the order of their counts, leaves as `~symbol`."""

    def __init__(self) -> None:
        self._build([1] * KINDS, [[~symbol] for symbol in range(KINDS)])

    def _build(self, counts: list[int], below: list[list[int]]) -> None:
        """Join the two rarest nodes that are not joined yet, until one is left."""
        for k in range(0, NODES - 1, 2):
            count = counts[k] + counts[k + 1]
            place = bisect_right(counts, count)
            counts.insert(place, count)
            below.insert(place, [k, k + 1])
        self.counts, self.below = counts, below
        self.above = {one: node for node, pair in enumerate(below) for one in pair}

    def put(self, bits: Bits, symbol: int) -> None:
        """Write a symbol and count it."""
        word = []
        node = self.above[~symbol]
        while node != NODES - 1:
            above = self.above[node]
            word.append(self.below[above].index(node))
            node = above
        for bit in reversed(word):
            bits.put(bit, 1)
        self._count(symbol)

    def _count(self, symbol: int) -> None:
        if self.counts[-1] == MOST_COUNTED:
            leaves = [node for node in range(NODES) if self.below[node][0] < 0]
            counts = [(self.counts[node] + 1) // 2 for node in leaves]
            self._build(counts, [self.below[node] for node in leaves])
        node = self.above[~symbol]
        while True:
            self.counts[node] += 1
            last = node
            while last + 1 < NODES and self.counts[last + 1] < self.counts[node]:
                last += 1
            # The node changes places with the last one that was counted less often.
            for row in (self.counts, self.below):
                row[node], row[last] = row[last], row[node]
            self.above |= {one: place for place in (node, last) for one in self.below[place]}
            if last == NODES - 1:
                return
            node = self.above[last]


def adaptively(data: bytes) -> bytes:
    """Pack as `-lh1-` does."""
    bits, tree = Bits(), Tree()
    words = {}
    word = symbol = 0
    for length, count in PLACES:
        for _ in range(count):
            words[symbol] = (word, length)
            word, symbol = word + 1, symbol + 1
        word <<= 1
    for one, back in steps(data, 1 << 12, 60):
        tree.put(bits, one)
        if one > 255:
            bits.put(*words[back >> 6])
            bits.put(back & 63, 6)
    return bits.done()
