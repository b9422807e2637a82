"""
Manual pages (roff, with the macros `man` and `mdoc`): sections, paragraphs and examples as lines.

Not a typesetter: requests that only set are dropped, macros that dress words give their words, and
definitions, conditions and tables are resolved as far as manual pages use them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Input,
    Items,
    ReadOptions,
    Unreadable,
)
from seimai.pipeline.ingest.markup.unwrap import unwrap
from seimai.pipeline.ingest.sources.single_file import one_document, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = {"SH", "SS", "Sh", "Ss"}
BREAKS = {
    "PP", "P", "LP", "TP", "TQ", "IP", "HP", "RS", "RE", "Pp", "sp", "br", "Bl", "El", "Bd", "Ed",
    "D1", "Dl", "ti", "in", "ce", "SY", "YS", "bp", "ne", "Lp", "PD",
}  # fmt: skip
DRESSED = {"B", "I", "SM", "SB", "R", "C", "CW", "MT", "UR", "L"}
ALTERNATING = {"BR", "BI", "IB", "IR", "RB", "RI"}
UNFILLED = {"nf", "EX", "Bd"}
FILLED = {"fi", "EE", "Ed"}
MDOC = {
    "Nm", "Nd", "Fl", "Ar", "Op", "Pa", "Xr", "Dv", "Tn", "Em", "Sy", "Li", "Cm", "Ic", "Va", "Vt",
    "Fn", "Fa", "Ft", "Ev", "Er", "Dq", "Sq", "Ql", "Qq", "Pq", "Bq", "Brq", "Aq", "Oo", "Oc", "Ao",
    "Ac", "Po", "Pc", "Bo", "Bc", "Do", "Dc", "So", "Sc", "No", "Ns", "Ad", "An", "At", "Bx", "Bsx",
    "Fx", "Nx", "Ox", "Ux", "Lk", "Mt", "Rv", "Ex", "St", "Cd", "In", "Pf", "Ms", "Ta", "Sx",
    "Ap", "Tg", "It", "Fo", "Fc", "Eo", "Ec", "Xo", "Xc", "Me", "Cr", "Qo", "Qc", "Fd", "Lb",
}  # fmt: skip
"""Macros of mdoc that give their words; their names within a line are macros too."""
AROUND = {
    "Op": "[]", "Dq": "“”", "Sq": "‘’", "Ql": "‘’", "Qq": '""', "Pq": "()", "Bq": "[]", "Brq": "{}",
    "Aq": "<>",
}  # fmt: skip
BLOCKS = {"de", "de1", "am", "ig", "di", "dei"}
"""Requests that begin a definition, which ends with a line `..`."""

SIGNS = {
    "bu": "•", "co": "©", "rg": "®", "tm": "™", "em": "—", "en": "–", "hy": "-", "aq": "'",
    "dq": '"', "lq": "“", "rq": "”", "oq": "‘", "cq": "’", "ha": "^", "ti": "~", "rs": "\\",
    "bs": "\\", "ga": "`", "aa": "´", "->": "→", "<-": "←", "+-": "±", "mu": "×", "ul": "_",
    "lB": "[", "rB": "]", "lC": "{", "rC": "}", "la": "⟨", "ra": "⟩", "de": "°", "<=": "≤",
    ">=": "≥", "!=": "≠", "ss": "ß", "sc": "§", "dg": "†", "ct": "¢", "Po": "£", "Eu": "€",
    "sl": "/", "ba": "|", "br": "|", "or": "|", "at": "@", "sh": "#", "Do": "$", "*a": "α",
    "*b": "β", "mc": "µ", "12": "½", "14": "¼", "34": "¾", "no": "¬", "di": "÷", "fo": "‹",
    "fc": "›", "Fo": "«", "Fc": "»", "pl": "+", "mi": "−", "eq": "=", "**": "*",
}  # fmt: skip

_TITLE = re.compile(r"^[.'](?:TH|Dt)\s+(\S+)\s+(\S+)", re.MULTILINE)
_REQUEST = re.compile(r"[.'][ \t]*([^\s\\]{1,20})[ \t]*(.*)")
_AS_IT_IS = re.compile(r"-(?:literal|unfilled)\b")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"|(\S+)')
_CONDITION = re.compile(
    r"(!?)(?:([notev])(?=[ \t\\{.'])|'[^']*'[^']*'|\"[^\"]*\"[^\"]*\"|\([^()]*\)|\S+)[ \t]*(.*)"
)
_NAME = r"(?:\[[^\]\n]{0,40}\]|\(..|.)"
_ESCAPE = re.compile(
    rf"\\(?:f{_NAME}|[*ng]{_NAME}|s[+-]?(?:\(\d\d|\[[^\]\n]{{0,9}}\]|'[^'\n]{{0,9}}'|\d)|"
    r"\((..)|\[([^\]\n]{1,40})\]|[hvwDlLoxbzXRSHBAYmMFNk](?:'[^'\n]{0,200}'|\[[^\]\n]{0,40}\]|\(..)?|"
    r"(.)|$)"
)
_KEPT = {
    "-": "-", "e": "\\", "\\": "\\", "~": " ", " ": " ", "0": " ", "t": "\t", "'": "´", "`": "`",
    ".": ".", "E": "\\", "_": "_",
}  # fmt: skip


def read_man(source: Input, options: ReadOptions) -> Items:
    """The one page of a file, or the one reason why it cannot be read."""
    found = read_text(source, options)
    if isinstance(found, Unreadable):
        yield found
        return
    text = plain_text(found.text, code=options.code == "keep")
    if not text:
        first = found.text[:FIRST_BYTES].encode()[:FIRST_BYTES]
        yield Unreadable("", "no_text", "there is no text in the page", first)
        return
    match = _TITLE.search(found.text)
    named = {"title": _unquote(match[1]), "section": _unquote(match[2])} if match else None
    yield one_document(
        found,
        text,
        "text/troff",
        extra=dict(named) if named else None,
    )


def plain_text(page: str, *, code: bool = True) -> str:
    r"""
    The text of a page, with or without its examples.

    >>> plain_text(".SH 名前\nmai \\- 米を\n.B 研ぐ\n.PP\n\\fI水\\fP を替える。")
    '名前\n\nmai - 米を研ぐ\n\n水 を替える。'
    """
    requests = _requests(page.replace("\r\n", "\n").split("\n"))
    blocks = _blocks(requests if code else _without_examples(requests))
    return "\n\n".join(block for block in blocks if block.strip())


def _requests(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Lines as (request, arguments), ("", text) for text; definitions and comments are gone."""
    skipping = ""
    table = False
    taken = True
    depth = 0
    for line in lines:
        if skipping:
            skipping = "" if re.match(rf"[.'][ \t]*{re.escape(skipping)}\s*$", line) else skipping
            continue
        bare = re.sub(r"\\[\"#].*$", "", line)
        if bare != line and not bare.strip(".' \t"):
            continue
        if depth:
            # Blocks of a condition that does not hold.
            depth += bare.count("\\{") - bare.count("\\}")
            continue
        match = _REQUEST.fullmatch(bare)
        if not match:
            yield "", bare.replace("\\}", "")
            continue
        name, rest = match[1], match[2].rstrip()
        if name in BLOCKS:
            parts = rest.split()
            skipping = parts[1] if len(parts) > 1 and name != "ig" else "."
            if name == "ig" and parts:
                skipping = parts[0]
            skipping = "di" if name == "di" else skipping
            continue
        if name in {"TS", "TE"}:
            table = name == "TS"
            yield name, ""
            continue
        if name in {"if", "ie", "el", "while"}:
            if name == "el":
                holds, body = not taken, rest
            else:
                condition = _CONDITION.fullmatch(rest)
                # A page is formatted for a terminal (n), and nothing else is known.
                letter = condition[2] if condition else ""
                holds = letter in {"n", "o"} and letter is not None
                holds ^= bool(condition and condition[1])
                body = condition[3] if condition else ""
                taken = holds
            if not holds:
                depth = max(body.count("\\{") - body.count("\\}"), 0)
                continue
            body = body.replace("\\{", "").replace("\\}", "").lstrip()
            inner = _REQUEST.fullmatch(body)
            if inner:
                yield inner[1], inner[2].rstrip()
            elif body:
                yield "", body
            continue
        if name not in {"\\}", ".", "}"}:
            yield ("" if table and not match else name), rest


def _without_examples(requests: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Requests without the lines that are shown as they are; titles end what was left open."""
    example = False
    for name, rest in requests:
        if name in {"nf", "EX"} or (name == "Bd" and _AS_IT_IS.search(rest)):
            example = True
        elif name in FILLED or name in TITLES:
            example = False
        if not example or name in BREAKS | UNFILLED:
            yield name, rest


def _blocks(requests: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Sections, paragraphs and examples, each a block."""
    held: list[str] = []
    filled = True
    waiting = ""
    table = ""
    for name, rest in requests:
        if name == "TS":
            yield _paragraph(held, filled=filled)
            held, table = [], "format"
            continue
        if name == "TE":
            yield "\n".join(held)
            held, table = [], ""
            continue
        if table:
            if table == "format":
                # The rows begin after the line of formats that ends in a full stop.
                table = "rows" if not name and rest.rstrip().endswith(".") else table
            elif not name and rest.strip("_= \t") and rest not in {"T{", "T}"}:
                held.append(_words(rest.removesuffix("T{").removeprefix("T}").strip("\t")))
            continue
        if not name:
            if not rest.strip() and filled:
                yield _paragraph(held, filled=filled)
                held = []
            elif rest.strip() or held:
                held.append(_words(rest))
        elif name in TITLES:
            yield _paragraph(held, filled=filled)
            held, filled = [], True
            title = _words(" ".join(_arguments(rest)))
            if title:
                yield title
            else:
                waiting = name
        elif name in BREAKS | UNFILLED | FILLED:
            if name in {"PD", "in", "ne"} and not filled:
                continue
            yield _paragraph(held, filled=filled)
            held = []
            filled = name in FILLED or (filled and name not in UNFILLED)
            if name == "IP" and (label := _words((_arguments(rest) or [""])[0])):
                held.append("・" if label in {"•", "*", "-", "o", "+"} else label)
        elif name in DRESSED:
            held.append(_words(" ".join(_arguments(rest))))
        elif name in ALTERNATING:
            held.append(_words("".join(_arguments(rest))))
        elif name in MDOC:
            if name == "It":
                yield _paragraph(held, filled=filled)
                held = []
            held.append(_mdoc(name, rest))
        if waiting and held:
            yield held.pop()
            waiting = ""
    yield _paragraph(held, filled=filled)


def _paragraph(lines: list[str], *, filled: bool) -> str:
    if not filled:
        return "\n".join(lines).strip("\n")
    text = unwrap("\n".join(line for line in lines if line))
    return text.replace("・ ", "・", 1) if text.startswith("・") else text


def _words(text: str) -> str:
    """A text without its escapes."""

    def sign(match: re.Match[str]) -> str:
        short, long, other = match.groups()
        if other is not None:
            return _KEPT.get(other, "")
        name = short or long or ""
        if name.startswith("u") and re.fullmatch(r"u[0-9A-F]{4,6}", name):
            code = int(name[1:], 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        return SIGNS.get(name, "")

    return _ESCAPE.sub(sign, text)


def _arguments(rest: str) -> list[str]:
    return [quoted.replace('""', '"') if quoted else bare for quoted, bare in _QUOTED.findall(rest)]


def _mdoc(name: str, rest: str) -> str:
    """The words of a line of mdoc macros."""
    parts: list[str] = []
    closing: list[str] = []
    glued = False
    for word in [name, *_arguments(rest)]:
        if word in AROUND:
            parts.append(AROUND[word][0])
            closing.append(AROUND[word][1])
            glued = True
            continue
        if word == "Ns":
            glued = True
            continue
        if word in MDOC:
            if word == "Fl":
                parts.append(" -" if parts and not glued else "-")
                glued = True
            continue
        if name == "Xr" and len(parts) == 1 and word[:1].isdecimal():
            parts.append(f"({word})")
            continue
        space = parts and not glued and word not in {",", ".", ";", ":", ")", "]"}
        parts.append((" " if space else "") + _words(word))
        glued = word in {"(", "["}
    return "".join([*parts, *reversed(closing)])


def _unquote(word: str) -> str:
    return _words(word.strip('"'))
