"""Files that have to be on this machine: an error of the disk is none of the file."""

from __future__ import annotations

import errno
import io
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Input, read
from tests.pipeline.ingest.making import causes, docx_of, paragraph, tar_of, zip_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FILES = {
    "docx": docx_of(paragraph("議案を読む。")),
    "zip": zip_of({"a.txt": "議案を読む。"}),
    "tar": tar_of({"a.txt": "議案を読む。"}),
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 3000,
    "ole": OLE + b"\0" * 3000,
    "pdf": b"%PDF-1.4\n" + b"%" * 3000,
}


class Failing(io.BytesIO):
    """A file on a disk that cannot be read beyond its first bytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes, or an error of the system."""
        if self.tell() >= 64:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(min(size or 64, 64) if size and size > 0 else 64)


@pytest.mark.parametrize("name", FILES)
def test_an_error_of_the_disk_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What the system could not read is told as such, so that the next run tries it again."""
    path = tmp_path / f"a.{name}"
    path.write_bytes(FILES[name])
    monkeypatch.setattr(Input, "open_raw", lambda _: Failing(FILES[name]))

    assert ["io"] == causes(read(Input(str(path), "a", len(FILES[name]), format=name)))
