"""
Names of members: what their bytes say, and whether they stay in their folder.

Zip files from Japanese Windows hold CP932 without saying so; those from macOS hold UTF-8 without
saying so, tapes of old Unix EUC-JP. Every byte that is not ASCII was one of these.
"""

from __future__ import annotations

import unicodedata

FIRST_PRIVATE, LAST_PRIVATE = "\ue000", "\uf8ff"
"""Characters that have no meaning of their own; CP932 has 1,880 places for them."""
MOST = 1_000
"""Characters of a name that are kept: the longest path of Windows has 260, of Linux 4,096 bytes."""


def decode_name(data: bytes, *, utf8: bool = False) -> str:
    """
    The name that bytes spell.

    >>> [decode_name("資料/議事録.txt".encode(one)) for one in ("cp932", "euc_jp", "utf-8")]
    ['資料/議事録.txt', '資料/議事録.txt', '資料/議事録.txt']
    """
    encodings = ("utf-8",) if utf8 else ("utf-8", "cp932", "euc_jp", "cp437")
    for encoding in encodings:
        try:
            name = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp932" and any(FIRST_PRIVATE <= char <= LAST_PRIVATE for char in name):
            continue  # Nobody names a file with characters of their own: it is EUC-JP.
        return tidy(name)
    return tidy(data.decode("utf-8", "backslashreplace"))


def tidy(name: str) -> str:
    r"""
    A name with `/` between folders, in NFC (macOS takes が apart), and nothing unprintable.

    >>> tidy("a\\b\x00c.txt")
    'a/b\\x00c.txt'
    """
    name = unicodedata.normalize("NFC", name[:MOST]).replace("\\", "/")
    if name.isprintable():
        return name
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode()
        for char in name
    )


def rooted(name: str) -> str:
    """
    A name from the root of a disk as one from the folder of its archive.

    Nothing is written under it, so where it would lie on a disk is no danger.

    >>> rooted("/etc/x"), rooted("C:/x"), rooted("a/b")
    ('etc/x', 'x', 'a/b')
    """
    if name[1:2] == ":" and name[:1].isascii() and name[:1].isalpha():
        name = name[2:]
    return name.lstrip("/")


def leaves(name: str) -> bool:
    """
    Whether unpacking under this name would write outside of its folder.

    >>> [leaves(name) for name in ("a/b", "../a", "/etc/x", "C:/x", "a/../b")]
    [False, True, True, True, True]
    """
    return name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")


def hidden(name: str) -> bool:
    """Whether a file browser would not show it: `.git/config`, `a/.bashrc`, but not `a/./b`."""
    return any(part.startswith(".") and part != "." for part in name.split("/"))
