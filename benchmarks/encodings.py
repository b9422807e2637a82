"""
Bytes to text: the share of inputs that come back exactly, against other detectors.

`python -m benchmarks.encodings --corpus DIR` takes the files of DIR/raw whose manifest gives the
hash of their text, and single sentences and pieces of the texts in DIR/*.jsonl*, written in each
of `ENCODINGS`. The others name an encoding; the bytes are then decoded in it (where they say
Shift_JIS and that fails, in CP932), and the text that comes of it is what counts.
"""

from __future__ import annotations

import argparse
import codecs
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.measuring import peer, percent, seconds, table
from seimai.pipeline.decode import decode, decode_as
from seimai.pipeline.ingest import Document, find_inputs, read

if TYPE_CHECKING:
    from collections.abc import Callable

ENCODINGS = ("utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16-le")
LANGUAGES = {"ja"}
SHORT_FILE = 200
"""Bytes from which a file counts as one: below, it is a sentence or less."""

EVERY = 120
"""One document in so many gives a sentence and a piece."""

LONGEST = 60
PIECE = 400
_SENTENCE = re.compile(rf"[^。\n]{{8,{LONGEST}}}。")


class Case(NamedTuple):
    """Bytes, and the hash of the text that they are."""

    data: bytes
    truth: str


def main() -> None:
    """Print a table of shares, and one of speeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True, help="folder of JSONL files; with raw, if any")
    corpus = Path(parser.parse_args().corpus)
    files = _files(corpus / "raw")
    sentences, pieces = _made(corpus)
    sets = {
        f"files ({len(files)})": files,
        f"not in UTF-8 ({len(legacy := [case for case in files if not _is_utf8(case)])})": legacy,
        f"pieces ({len(pieces)})": pieces,
        f"sentences ({len(sentences)})": sentences,
    }
    sets = {name: cases for name, cases in sets.items() if cases}
    tools = _tools()
    rows = [
        [name, *(percent(_share(tool, cases)) for cases in sets.values())]
        for name, tool in tools.items()
    ]
    table(["", *sets], rows)
    timed = files or pieces
    size = sum(len(case.data) for case in timed) / 1e6
    spent = seconds({name: _all_of(tool, timed) for name, tool in tools.items()}, rounds=2)
    table(
        [f"the first set, {size:.1f} MB", "MB/s"],
        [[name, f"{size / spent[name]:.1f}"] for name in tools],
    )


def _files(raw: Path) -> list[Case]:
    """
    Files with a manifest, by folder, those of 200 bytes and more.

    A manifest gives the hash of the text of a `file`, or the `charset` of an `html`; an entry that
    has neither (files of formats without an encoding) is no case.
    """
    cases = []
    for manifest in sorted(raw.glob("*/manifest.jsonl")):
        for line in manifest.read_text("utf-8").splitlines():
            entry = json.loads(line)
            if "utf8_sha256" not in entry and not ("html" in entry and "charset" in entry):
                continue
            name = entry.get("file") or entry["html"]
            # Some manifests say where a file is from the folder of all, some from their own.
            path = next((at / name for at in (raw, manifest.parent) if (at / name).is_file()), None)
            if path is None:
                continue
            data = path.read_bytes()
            if len(data) < SHORT_FILE:
                continue
            if data.startswith(codecs.BOM_UTF8):
                truth = _hash(data.decode())
            elif "utf8_sha256" in entry:
                truth = entry["utf8_sha256"]
            else:
                truth = _hash(decode_as(data, entry["charset"]))
            cases.append(Case(data, truth))
    return cases


def _made(corpus: Path) -> tuple[list[Case], list[Case]]:
    """Sentences and pieces of documents, each in every encoding that has all its characters."""
    sentences, pieces = [], []
    for source in find_inputs([str(corpus / "*.jsonl*")]):
        if "known" in source.key:
            continue
        documents = [item for item in read(source) if isinstance(item, Document)]
        for document in documents[::EVERY]:
            if (document.extra or {}).get("lang", "ja") not in LANGUAGES:
                continue
            found = _SENTENCE.search(document.text, len(document.text) // 3)
            if found:
                sentences += _written(found[0])
            middle = document.text[len(document.text) // 2 :][:PIECE]
            if len(middle) >= PIECE // 4:
                pieces += _written(middle)
    return sentences, pieces


def _written(text: str) -> list[Case]:
    cases = []
    for encoding in ENCODINGS:
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        cases.append(Case(data, _hash(data.decode(encoding))))
    return cases


def _tools() -> dict[str, Callable[[bytes], str]]:
    """Bytes in, text out."""
    tools: dict[str, Callable[[bytes], str]] = {"this": lambda data: decode(data).text}
    normalizer = peer("charset_normalizer")
    if normalizer:
        tools["charset-normalizer"] = lambda data: str(normalizer.from_bytes(data).best() or "")
    chardet = peer("chardet")
    if chardet:
        tools["chardet"] = lambda data: _named(data, chardet.detect(data)["encoding"])
    resiliparse = peer("resiliparse.parse.encoding")
    if resiliparse:
        tools["resiliparse"] = lambda data: _named(data, resiliparse.detect_encoding(data))
    return tools


def _named(data: bytes, name: str | None) -> str:
    for encoding in (name, "cp932" if name and "jis" in name.lower() else None):
        try:
            return data.decode(encoding or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return ""


def _share(tool: Callable[[bytes], str], cases: list[Case]) -> float:
    return sum(_hash(tool(case.data)) == case.truth for case in cases) / len(cases)


def _hash(text: str) -> str:
    """A byte order mark is no part of a text."""
    return hashlib.sha256(text.removeprefix("\ufeff").encode("utf-8", "replace")).hexdigest()


def _is_utf8(case: Case) -> bool:
    return hashlib.sha256(case.data).hexdigest() == case.truth


def _all_of(tool: Callable[[bytes], str], cases: list[Case]) -> Callable[[], object]:
    return lambda: [tool(case.data) for case in cases]


if __name__ == "__main__":
    main()
