"""Names of files that systems and office programs leave beside documents; no text is in them."""

from __future__ import annotations

FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "icon\r", ".localized"}
"""Small pictures, views of folders and icons, of Windows and macOS."""
FOLDERS = {"__macosx", "$recycle.bin", "system volume information", "@eadir"}
"""What macOS puts into archives, the waste bin and the notes of Windows, thumbnails of a NAS."""
OWNERS = ("~$", ".~lock.", "._")
"""Who has a document open, of Office and LibreOffice, and what macOS keeps of a file elsewhere."""


def is_litter(name: str) -> bool:
    """
    Whether a path, with `/` between its folders, is that of such a file.

    >>> [is_litter(name) for name in ("報告/~$議事録.docx", "Thumbs.db", "__MACOSX/a", "a.txt")]
    [True, True, True, False]
    """
    *folders, last = name.lower().split("/")
    return last in FILES or last.startswith(OWNERS) or any(folder in FOLDERS for folder in folders)
