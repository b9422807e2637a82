r"""What the words of RTF mean: groups that are not text, characters, encodings of fonts."""

from __future__ import annotations

UNSEEN = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr",
    "headerf", "footer", "footerl", "footerr", "footerf", "annotation", "listtable",
    "listoverridetable", "revtbl", "rsidtbl", "themedata", "colorschememapping", "datastore",
    "latentstyles", "xmlnstbl", "generator", "atnid", "atnauthor", "atnref", "atntime", "atndate",
    "bkmkstart", "bkmkend", "nonshppict", "shppict", "filetbl", "ftnsep", "ftnsepc", "ftncn",
    "aftnsep", "aftnsepc", "aftncn", "private", "mmathPr", "pnseclvl", "sn", "sv", "shprslt",
    "xe", "rxe", "txe", "tc", "tcn", "objdata", "objclass", "objname", "datafield", "formfield",
    "nonesttables",
}  # fmt: skip
"""Groups that are not text: tables, headers, drawing properties, entries of an index."""
RESTORED = {"ud", "shptxt", "dptxbxtext", "result"}
"""Groups that are text within one that is not: `upr` has its text twice, the second time in
Unicode; a shape has its text among its properties, an object its result among its data."""
AROUND = {"upr", "shpinst", "do", "object"}
"""The groups within which these stand."""
KNOWN = RESTORED | AROUND | {"fldinst", "fldrslt", "annotation"}
"""The groups that are looked at among those that programs may ignore."""
NUMBERS = {"listtext", "pntext"}
"""The automatic number of a paragraph, or its bullet, as the writing program made it."""

CHARACTERS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n",
    "column": "\n", "softline": "\n", "tab": "\t", "cell": "\t", "nestcell": " ", "nestrow": " ",
    "emdash": "\N{EM DASH}", "endash": "\N{EN DASH}", "bullet": "\N{BULLET}",
    "lquote": "\N{LEFT SINGLE QUOTATION MARK}", "rquote": "\N{RIGHT SINGLE QUOTATION MARK}",
    "ldblquote": "\N{LEFT DOUBLE QUOTATION MARK}", "rdblquote": "\N{RIGHT DOUBLE QUOTATION MARK}",
    "emspace": "\N{EM SPACE}", "enspace": "\N{EN SPACE}",
}  # fmt: skip
ENDS_IN_CELL = {"par", "line", "softline"}
"""What ends a line outside of tables; within a cell a row stays one line."""
SYMBOLS = {
    b"~": " ", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n", b"\t": "\t",
}  # fmt: skip
CHARSETS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 77: "mac_roman", 78: "cp932",
}  # fmt: skip
"""Windows' numbers of character sets, with Python's names of the encodings."""
SYMBOL = 2
"""The character set of fonts of signs: a bullet is a letter of one, and no letter."""
LONGEST_SIGN = 2
"""Bytes in a font of signs that are one; more is a text whose font is wrong."""
DOUBLE = {"cp932", "cp949", "gb18030", "big5hkscs"}
"""Encodings in which a character may have two bytes, the second of them any letter."""
PAGES = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "big5hkscs", 65001: "utf-8"}
KNOWN_PAGES = {437, 850, 852, 866, 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258}
"""Other code pages of Windows and DOS that Python has."""
DEEPEST = 10_000
"""At most this many groups within each other; real files stay below 50."""
