"""
Old office documents, written by hand: a small file system, and DOC, XLS, PPT and MSG in it.

Only what our readers look at is there, in the layout of the published formats ([MS-CFB], [MS-DOC],
[MS-XLS], [MS-PPT], [MS-OXMSG]).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR, SMALL_SECTOR, SMALL = 512, 64, 4096
END, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole_of(streams: Mapping[str, bytes]) -> bytes:
    """A compound file; `folder/name` is a stream in a storage."""
    names: list[str] = []
    for name in streams:
        parts = name.split("/")
        names += [one for k in range(len(parts)) if (one := "/".join(parts[: k + 1])) not in names]
    chains: list[int] = []
    body = bytearray()
    small, small_chain = bytearray(), list[int]()

    def put(data: bytes, chain: list[int], into: bytearray, size: int) -> int:
        if not data:
            return END
        first, count = len(chain), -(-len(data) // size)
        chain += [*range(first + 1, first + count), END]
        into += data.ljust(count * size, b"\0")
        return first

    starts = {}
    for name, data in streams.items():
        if len(data) < SMALL:
            starts[name] = put(data, small_chain, small, SMALL_SECTOR)
        else:
            starts[name] = put(data, chains, body, SECTOR)
    small_table = struct.pack(f"<{len(small_chain)}I", *small_chain)
    small_table = small_table.ljust(-(-len(small_table) // SECTOR) * SECTOR, b"\xff")
    root = put(bytes(small), chains, body, SECTOR)
    small_first = put(small_table, chains, body, SECTOR)

    def entry(name: str, kind: int, links: tuple[int, int], start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        fixed = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
        return fixed + struct.pack("<3I36xIQ", FREE, *links, start, size)

    def children(folder: str) -> list[int]:
        inside = [k for k, one in enumerate(names, 1) if one.rpartition("/")[0] == folder]
        return [*inside, FREE]

    following = dict(
        pair
        for folder in {"", *(name.rpartition("/")[0] for name in names)}
        for pair in zip(children(folder), children(folder)[1:], strict=False)
    )
    entries = [entry("Root Entry", 5, (FREE, children("")[0]), root, len(small))]
    for k, name in enumerate(names, 1):
        last = name.rpartition("/")[2]
        if name in streams:
            size = len(streams[name])
            entries.append(entry(last, 2, (following[k], FREE), starts[name], size))
        else:
            entries.append(entry(last, 1, (following[k], children(name)[0]), 0, 0))
    directory = put(b"".join(entries), chains, body, SECTOR)
    fats = 1
    while len(chains) + fats > fats * SECTOR // 4:
        fats += 1
    first_fat = len(chains)
    chains += [FAT_SECTOR] * fats
    fat = struct.pack(f"<{len(chains)}I", *chains).ljust(fats * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6) + struct.pack("<I", 0)
    head += struct.pack("<IIIII", fats, directory, 0, SMALL, small_first)
    head += struct.pack("<III", len(small_table) // SECTOR, END, 0)
    places = [*range(first_fat, first_fat + fats)]
    return head + struct.pack("<109I", *places, *[FREE] * (109 - fats)) + bytes(body) + fat


def summary_of(title: str, page: int = 932) -> bytes:
    """The stream that says the title of a document, and that it was made on 6 May 2024."""
    codec = "utf-8" if page == 65001 else f"cp{page}"
    text = title.encode(codec) + b"\0"
    ticks = 133_594_493_190_000_000
    values = [
        (1, struct.pack("<IHxx", 2, page)),
        (2, struct.pack("<II", 30, len(text)) + text + bytes(-len(text) % 4)),
        (12, struct.pack("<IQ", 64, ticks)),
    ]
    at, table, body = 8 + 8 * len(values), b"", b""
    for number, value in values:
        table += struct.pack("<II", number, at + len(body))
        body += value
    section = struct.pack("<II", at + len(body), len(values)) + table + body
    return struct.pack("<HHI16xI16xI", 0xFFFE, 0, 0, 1, 48) + section


# --- Word ---------------------------------------------------------------------------------

CELL, ROW, PART = "\x07", "\x1d", "\x1c"
"""Ends of cells and of rows, and paragraphs that end within a cell: signs of these tests."""
TEXT_AT = 0x600


def doc_of(
    body: str,
    *,
    notes: str = "",
    headings: str = "",
    comments: str = "",
    endnotes: str = "",
    boxes: str = "",
    formats: Mapping[str, int | bytes] | None = None,
    fonts: Sequence[str] = (),
    piece: int = 7,
    flags: int = 0x0200,
    version: int = 193,
    lists: tuple[bytes, bytes, bytes] | None = None,
    places: Mapping[str, tuple[int | None, int | None, int]] | None = None,
    **streams: bytes,
) -> bytes:
    """
    A DOC whose text lies in pieces, the last one first; `formats` gives words a property (1, or its
    bytes with the value); `fonts` are the names of the fonts.

    `lists` is what `lists_of` makes, `places` says the use, the level and the style of paragraphs.
    """
    parts = [body, notes, headings, "", comments, endnotes, boxes, ""]
    lengths = [len(part.encode("utf-16-le")) // 2 for part in parts]
    units = "".join(parts).encode("utf-16-le")
    text = [units[k : k + 2].decode("utf-16-le", "surrogatepass") for k in range(0, len(units), 2)]
    whole = "".join(text)
    pieces = [text[k : k + piece] for k in range(0, len(text), piece)]
    file = bytearray(TEXT_AT)
    where: list[tuple[int, int]] = [(0, 0)] * len(text)
    plan: list[int] = [0] * len(pieces)
    for k in reversed(range(len(pieces))):
        narrow = all(one.isascii() for one in pieces[k])
        plan[k] = 2 * len(file) | 0x40000000 if narrow else len(file)
        for number, one in enumerate(pieces[k], k * piece):
            raw = one.replace(ROW, CELL).replace(PART, "\r")
            data = raw.encode("ascii" if narrow else "utf-16-le", "surrogatepass")
            where[number] = (len(file), len(file) + len(data))
            file += data
    runs = []
    for word, name in (formats or {}).items():
        at = whole.index(word)
        said = name if isinstance(name, bytes) else struct.pack("<HB", name, 1)
        runs += [(*where[k], said) for k in range(at, at + len(word))]
    characters = _page(runs, 1)
    signs = {ROW: [0x2416, 0x2417], CELL: [0x2416], PART: [0x2416]}
    marks = [
        (*where[k], b"\0\0" + b"".join(struct.pack("<HB", name, 1) for name in signs[one]))
        for k, one in enumerate(text)
        if one in signs
    ]
    for word, (use, level, style) in (places or {}).items():
        said = struct.pack("<H", style)
        said += struct.pack("<Hh", 0x460B, use) if use is not None else b""
        said += struct.pack("<HB", 0x260A, level) if level is not None else b""
        marks.append((*where[whole.index(word) + len(word) - 1], said))
    paragraphs = _page(marks, 13)
    file += bytes(-len(file) % SECTOR)
    first = len(file) // SECTOR
    file += characters + paragraphs
    table = bytearray()

    def put(data: bytes, at: int) -> None:
        struct.pack_into("<II", file, at, len(table), len(data))
        table.extend(data)

    put(struct.pack("<III", TEXT_AT, len(file), first), 0xFA)
    put(struct.pack("<III", TEXT_AT, len(file), first + 1), 0x102)
    places = [*range(0, len(text), piece), len(text)]
    listed = struct.pack(f"<{len(places)}I", *places)
    listed += b"".join(struct.pack("<HIH", 0, one, 0) for one in plan)
    put(b"\1\2\0xx\2" + struct.pack("<I", len(listed)) + listed, 0x1A2)
    listed = struct.pack("<HH", len(fonts), 0)
    for font in fonts:
        one = bytes(39) + f"{font}\0".encode("utf-16-le")
        listed += bytes([len(one)]) + one
    put(listed, 0x112)
    for data, at in zip(lists or (), (0x2E2, 0x2EA, 0xA2), strict=False):
        put(data, at)
    struct.pack_into("<HH", file, 0, 0xA5EC, version)
    struct.pack_into("<H", file, 10, flags)
    struct.pack_into("<8I", file, 76, *lengths)
    return ole_of({"WordDocument": bytes(file), "1Table": bytes(table), **streams})


def lists_of(
    levels: Sequence[tuple[int, str, int]],
    uses: Sequence[Mapping[int, int]],
    styles: Mapping[int, tuple[int | None, int | None]],
) -> tuple[bytes, bytes, bytes]:
    """
    One list: the kind of numeral, the pattern and the flags of its levels; with its uses, each
    with the numbers that levels begin with, and the uses and levels of styles.
    """
    every = [*levels, *[(255, "", 0)] * (9 - len(levels))]
    table = struct.pack("<Hi4x18xBx", 1, 77, 0)
    for kind, pattern, flags in every:
        table += struct.pack("<iBB9xB8x4B", 1, kind, flags, 0, 2, 2, 0, 0) + b"\xff" * 4
        table += struct.pack("<H", len(pattern)) + pattern.encode("utf-16-le")
    used = struct.pack("<I", len(uses))
    used += b"".join(struct.pack("<i8xB3x", 77, len(starts)) for starts in uses)
    for starts in uses:
        used += b"\xff" * 4
        used += b"".join(struct.pack("<iI", first, at | 0x10) for at, first in starts.items())
    sheet = struct.pack("<HHH14x", 18, 1 + max(styles, default=0), 10)
    for k in range(1 + max(styles, default=0)):
        one = b""
        if k in styles:
            use, level = styles[k]
            said = struct.pack("<Hh", 0x460B, use) if use is not None else b""
            said += struct.pack("<HB", 0x260A, level) if level is not None else b""
            one = struct.pack("<5H", 0, 0xFFF1, 2, 0, 0) + struct.pack("<H", 2)
            one += "条文".encode("utf-16-le") + b"\0\0"
            one += struct.pack("<HH", 2 + len(said), k) + said
        sheet += struct.pack("<H", len(one)) + one + bytes(len(one) % 2)
    return table, used, sheet


def _page(runs: list[tuple[int, int, bytes]], width: int) -> bytes:
    """A page of formatting; what lies between the runs has none."""
    filled: list[tuple[int, int, bytes]] = []
    for start, end, data in sorted(runs):
        at = filled[-1][1] if filled else TEXT_AT
        filled += [(at, start, b"")] if at < start else []
        filled.append((start, end, data))
    page = bytearray(SECTOR)
    end = SECTOR - 2
    for k, (_, _, data) in enumerate(filled):
        if data:
            body = bytes([len(data)]) + data
            if width > 1:
                # Words, or words less one byte.
                body = bytes([0, len(data) // 2]) + data
                body = bytes([(len(data) + 1) // 2]) + data if len(data) % 2 else body
            end = (end - len(body)) & ~1
            page[end : end + len(body)] = body
            page[4 * (len(filled) + 1) + width * k] = end // 2
    limits = [TEXT_AT, *(stop for _, stop, _ in filled)]
    struct.pack_into(f"<{len(limits)}I", page, 0, *limits)
    page[-1] = len(filled)
    return bytes(page)


# --- Excel --------------------------------------------------------------------------------


def biff(kind: int, data: bytes = b"") -> bytes:
    """A record of a workbook."""
    return struct.pack("<HH", kind, len(data)) + data


def biff_string(text: str, size: str = "H") -> bytes:
    """A string of a workbook."""
    wide = not text.isascii()
    units = text.encode("utf-16-le" if wide else "ascii")
    return struct.pack(f"<{size}B", len(units) // (1 + wide), wide) + units


def cell(kind: int, row: int, column: int, data: bytes, style: int = 0) -> bytes:
    """A cell."""
    return biff(kind, struct.pack("<3H", row, column, style) + data)


def word_cell(row: int, column: int, number: int) -> bytes:
    """A cell with a string that all sheets share."""
    return cell(0xFD, row, column, struct.pack("<I", number))


def shared_strings(strings: Sequence[str], cut: int = 8000) -> bytes:
    """The strings of all sheets; characters beyond so many bytes go on in the next record."""
    parts = [struct.pack("<II", len(strings), len(strings))]
    for text in strings:
        head, body = biff_string(text)[:3], biff_string(text)[3:]
        if len(parts[-1]) + len(head) > cut + 8:
            parts.append(b"")
        parts[-1] += head
        while len(body) > cut:
            parts[-1] += body[: cut & ~1]
            body = body[cut & ~1 :]
            parts.append(head[2:])  # Whether characters are wide is said again.
        parts[-1] += body
    return biff(0xFC, parts[0]) + b"".join(biff(0x3C, part) for part in parts[1:])


def xls_of(
    sheets: Mapping[str, bytes],
    strings: Sequence[str] = (),
    *,
    hidden: Sequence[str] = (),
    more: bytes = b"",
    version: int = 0x600,
    cut: int = 8000,
    **streams: bytes,
) -> bytes:
    """An XLS of the records of its sheets; shared strings are cut after so many bytes."""
    bof = struct.pack("<4H8x", version, 0x05, 0, 0)
    head = biff(0x809, bof) + biff(0x42, struct.pack("<H", 932 if version < 0x600 else 1200)) + more
    tail = shared_strings(strings, cut) + biff(0x0A)
    names = {
        name: biff_string(name, "B")
        if version == 0x600
        else bytes([len(name.encode("cp932"))]) + name.encode("cp932")
        for name in sheets
    }
    at = len(head) + sum(10 + len(name) for name in names.values()) + len(tail)
    listed, bodies = b"", b""
    for name, records in sheets.items():
        place = at + len(bodies)
        listed += biff(0x85, struct.pack("<IBB", place, name in hidden, 0) + names[name])
        bodies += biff(0x809, struct.pack("<4H8x", version, 0x10, 0, 0)) + records + biff(0x0A)
    stream = "Workbook" if version == 0x600 else "Book"
    return ole_of({stream: head + listed + tail + bodies, **streams})


# --- PowerPoint ---------------------------------------------------------------------------


def record(kind: int, data: bytes = b"", instance: int = 0, *, nests: bool = False) -> bytes:
    """A record of a presentation."""
    return struct.pack("<HHI", instance << 4 | 15 * nests, kind, len(data)) + data


def box(*inside: bytes, placeholder: int = 0, more: bytes = b"") -> bytes:
    """A shape with text in it."""
    sign = record(0x0BC3, struct.pack("<IBBxx", 0, placeholder, 0)) if placeholder else b""
    client = record(0xF011, sign, nests=True)
    return record(0xF004, more + client + record(0xF00D, b"".join(inside), nests=True), nests=True)


def wide(text: str) -> bytes:
    """A text."""
    return record(0x0FA0, text.encode("utf-16-le"))


def slide(*shapes: bytes, hidden: bool = False, notes: int = 0, more: bytes = b"") -> bytes:
    """A slide, or what stands for one; `notes` is the number of its notes."""
    atom = record(0x03EF, struct.pack("<I8xIIHxx", 0, 0, notes, 0))
    show = record(0x03F9, struct.pack("<IIBBHI", 0, 0, 0, 0, 4 * hidden, 0))
    drawing = record(0xF003, b"".join(shapes), nests=True)
    drawing = record(0x040C, record(0xF002, drawing, nests=True), nests=True)
    return record(0x03EE, atom + show + drawing + more, nests=True)


def ppt_of(
    *slides: bytes,
    notes: Sequence[bytes] = (),
    outlines: Mapping[int, Sequence[str]] | None = None,
    old: bytes = b"",
    objects: bytes = b"",
    token: int = 0xE391C05F,
    **streams: bytes,
) -> bytes:
    """A PPT; `outlines` has the texts that a slide refers to, `old` is an earlier state in it."""
    stream = bytearray(old)
    places = []
    for one in (*slides, *notes):
        places.append(len(stream))
        stream += one

    def listed(first: int, count: int, kind: int) -> bytes:
        inside = b""
        for k in range(count):
            inside += record(0x03F3, struct.pack("<5I", first + k, 0, 0, 256 + k, 0))
            for text in (outlines or {}).get(k, ()) if kind == 0 else ():
                inside += record(0x0F9F, struct.pack("<I", 1)) + wide(text)
        return record(0x0FF0, inside, kind, nests=True)

    document = objects + listed(2, len(slides), 0) + listed(2 + len(slides), len(notes), 2)
    places.insert(0, len(stream))
    stream += record(0x03E8, document, nests=True)
    directory = len(stream)
    stream += record(0x1772, struct.pack(f"<{1 + len(places)}I", len(places) << 20 | 1, *places))
    edit = len(stream)
    stream += record(0x0FF5, struct.pack("<I4xIIIIHH", 0, 0, directory, 1, 0, 0, 0))
    current = record(0x0FF6, struct.pack("<III", 20, token, edit) + bytes(12))
    return ole_of({"Current User": current, "PowerPoint Document": bytes(stream), **streams})


# --- Outlook ------------------------------------------------------------------------------


def msg_of(
    properties: Mapping[int, bytes],
    *,
    page: int = 932,
    attached: Mapping[str, bytes] | None = None,
    inside: Sequence[Mapping[int, bytes]] = (),
    fixed: Mapping[int, int] | None = None,
) -> bytes:
    """An MSG of properties by their number and type, with attachments and messages in it."""
    ticks = 133_594_493_190_000_000
    values = {0x0039: ticks, **(fixed if fixed is not None else {0x3FFD: page})}
    plain = b"".join(struct.pack("<HHIQ", 3, name, 6, value) for name, value in values.items())
    streams = {"__properties_version1.0": bytes(32) + plain}
    streams |= {f"__substg1.0_{number:08X}": data for number, data in properties.items()}
    for k, (name, data) in enumerate((attached or {}).items()):
        folder = f"__attach_version1.0_#{k:08X}/"
        streams[f"{folder}__substg1.0_37010102"] = data
        streams[f"{folder}__substg1.0_3707001F"] = name.encode("utf-16-le")
    for k, message in enumerate(inside, 90):
        folder = f"__attach_version1.0_#{k:08X}/__substg1.0_3701000D/"
        streams[f"{folder}__properties_version1.0"] = bytes(24) + plain
        streams |= {f"{folder}__substg1.0_{number:08X}": data for number, data in message.items()}
    return ole_of(streams)
