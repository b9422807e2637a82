"""
7z archives, through py7zr.

Their members are packed together, so all that a block holds is unpacked to temporary files at
once, in the order of the archive; each is gone when it has been read.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.archive.member import Member
from seimai.pipeline.ingest.archive.names import leaves, tidy
from seimai.pipeline.ingest.contract import MIB, Broken, Unreadable
from seimai.pipeline.ingest.sources.spool import ending_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seimai.pipeline.ingest.contract import Budget

MOST_HEADER = 64 * MIB
"""The library holds the list of members as objects; this is a million of them."""


def seven_members(path: Path, budget: Budget, folder: Path) -> Iterator[Member | Unreadable]:
    """Members of a 7z archive, folders left out; those before a damaged place are given."""
    try:
        import py7zr
        from py7zr.exceptions import PasswordRequired
    except ImportError as error:
        raise Problem("E001", what="7z", package="py7zr", install="seimai[archive]") from error
    with path.open("rb") as file:
        if _header_size(file) > MOST_HEADER:
            yield Unreadable("", "too_large", "the directory of the archive does not end")
            return
        try:
            # A file and not a path: the library starts no threads then.
            archive = py7zr.SevenZipFile(file, "r")
        except PasswordRequired:
            yield Unreadable("", "encrypted", "the archive is password-protected")
            return
        except Exception as error:  # noqa: BLE001 - parsers raise whatever bytes lead them to
            yield _damaged(error)
            return
        with archive:
            if archive.needs_password():
                yield Unreadable("", "encrypted", "the archive is password-protected")
                return
            files = [one for one in archive.files if not one.is_directory]
            wanted = [one for one in files if _is_wanted(one)]
            landing = _Landing(py7zr, folder, budget)
            fault: Exception | None = None
            if wanted:
                try:
                    archive.extract(
                        targets={one.filename for one in wanted}, factory=landing.factory
                    )
                except Exception as error:  # noqa: BLE001 - as above
                    fault = error
                    landing.give_up()
        yield from _given(files, landing.written, fault)


def _is_wanted(one: Any) -> bool:
    """Whether it is unpacked: the library refuses a whole archive for one bad name."""
    return not one.emptystream and not leaves(tidy(one.filename))


def _given(
    files: list[Any], written: list[_Landed], fault: Exception | None
) -> Iterator[Member | Unreadable]:
    unpacked = iter(written)
    for one in files:
        name = tidy(one.filename)
        if not _is_wanted(one):
            yield Member(name, _never, size=0 if one.emptystream else None)
            continue
        landed = next(unpacked, None)
        if landed is None:
            break
        is_link = one.is_symlink or one.is_junction
        kind: Literal["link", "file"] = "link" if is_link else "file"
        yield Member(name, _never, kind, landed.size, path=landed.path)
    if isinstance(fault, Broken):
        raise fault
    if fault is not None:
        yield _damaged(fault)


def _never() -> IO[bytes]:
    raise Broken("outside", "the name of the member points outside the archive")


def _damaged(error: Exception) -> Unreadable:
    said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    kind = type(error).__name__
    if kind == "UnsupportedCompressionMethodError":
        return Unreadable("", "format", "the archive is compressed with an unknown method")
    if kind == "DecompressionBombError":
        return Unreadable("", "bomb", "the archive unpacks to far more bytes than real text would")
    return Unreadable("", "damaged", f"the archive is damaged: {said}")


def _header_size(file: IO[bytes]) -> int:
    """How long the (packed) directory says to be."""
    head = file.read(32)
    file.seek(0)
    return int.from_bytes(head[20:28], "little") if len(head) == 32 else 0


class _Landed:
    """One unpacked member."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("wb")
        self.size = 0


class _Landing:
    """Where members are unpacked to, in the order the library gives them."""

    def __init__(self, py7zr: Any, folder: Path, budget: Budget) -> None:
        self.written: list[_Landed] = []
        self.factory = _factory(py7zr, self._create)
        self._folder = folder
        self._budget = budget

    def give_up(self) -> None:
        """Forget the last member: it is not whole, or has the wrong checksum."""
        for landed in self.written:
            landed.file.close()
        del self.written[-1:]

    def _create(self, name: str) -> tuple[_Landed, Callable[[int], None]]:
        landed = _Landed(self._folder / f"unpacked-{len(self.written)}{ending_of(name)}")
        self.written.append(landed)
        return landed, self._budget.spend


def _factory(py7zr: Any, create: Callable[[str], tuple[_Landed, Callable[[int], None]]]) -> Any:
    """The library wants subclasses of its own classes."""

    class Writer(py7zr.Py7zIO):  # type: ignore[misc]
        def __init__(self, name: str) -> None:
            self.landed, self.spend = create(name)

        def write(self, data: bytes | bytearray) -> int:
            self.spend(len(data))
            self.landed.size += len(data)
            return self.landed.file.write(data)

        def read(self, size: int | None = None) -> bytes:
            del size
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:
            del offset, whence
            return 0

        def flush(self) -> None:
            self.landed.file.flush()

        def size(self) -> int:
            return self.landed.size

        def close(self) -> None:
            self.landed.file.close()

    class Factory(py7zr.WriterFactory):  # type: ignore[misc]
        def create(self, filename: str) -> Any:
            return Writer(filename)

    return Factory()
