"""E-mail addresses, plain and in the disguises that keep machines from reading them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.filters.personal.kinds import Kind, Match, label_before
from seimai.filters.personal.looks import Sign

if TYPE_CHECKING:
    from collections.abc import Callable

MASK = "<EMAIL>"


def _words(path: Path) -> frozenset[str]:
    rows = path.read_text("utf-8").splitlines()
    return frozenset(word for row in rows if not row.startswith("#") for word in row.split())


_TOP_DOMAINS = _words(Path(__file__).parents[1] / "data" / "top_domains.txt")

# Docomo once allowed dots in a row and before the @, so they are allowed here.
_LOCAL = r"(?<![A-Za-z0-9_@])(?P<local>[A-Za-z0-9_][A-Za-z0-9._%+&'-]{0,63})"
_DOT = r"(?:\.| ?\( ?(?:dot|ドット|\.) ?\) ?)"
_DOMAIN = (
    rf"(?P<domain>(?:[A-Za-z0-9-]{{1,63}}{_DOT}){{1,6}}"
    r"(?P<top>[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{2,60}))(?![A-Za-z0-9_]|-[A-Za-z0-9])"
)

_RETINA = re.compile(r"[1-9]x\.", re.IGNORECASE)
"""Names of pictures for fine screens look like addresses: icon@2x.io."""
_USER_OF_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/@]*\Z")
_MESSAGE_ID = re.compile(r"(?:message-id|in-reply-to|references) ?: ?[^\n]*\Z", re.IGNORECASE)
_REMOTE_COMMAND = re.compile(r"\b(?:scp|sftp|ssh|rsync|rcp)\b[^\n。]*\Z")
_REMOTE_PATH = re.compile(r":(?:[/~]|[\w./~-]+\.git\b)")
_SERVICE_USERS = frozenset({"git", "hg", "svn", "cvs", "anoncvs"})
"""Who logs in for everybody: git@github.com is where a repository is, not whom to write to."""

_NAMERS = frozenset({"openssh.com", "libssh.org"})
"""Domains whose owners name ciphers after themselves: aes128-gcm@openssh.com."""


def _is_email(match: Match, text: str) -> bool:
    """A known top-level domain; not a file name, a login in a URL or a place to copy files to."""
    top = match["top"].lower()
    if top not in _TOP_DOMAINS and not top.startswith("xn--"):
        return False
    domain = match["domain"].lower()
    if _RETINA.match(domain) or domain in _NAMERS or match["local"].lower() in _SERVICE_USERS:
        return False
    if _REMOTE_PATH.match(text, match.end()):
        return False
    before = text[max(0, match.start() - 120) : match.start()].rpartition("\n")[2]
    return not any(use.search(before) for use in (_USER_OF_URL, _MESSAGE_ID, _REMOTE_COMMAND))


def _is_labelled_email(match: Match, text: str) -> bool:
    """Looks that are also prose, such as “meet @ example.jp”: only after メール or the like."""
    return label_before(match, text)[0] in ("mail", "phone") and _is_email(match, text)


def _is_spelt_email(match: Match, text: str) -> bool:
    """
    Whether it is “taro at example dot co dot jp”; with one dot only behind メール or the like.

    “Meet at station dot com” is English.
    """
    labelled = match["domain"].count(" ") > len(" dot ") or label_before(match, text)[0] == "mail"
    return (labelled or not match["local"].isalpha()) and _is_email(match, text)


def _is_starred_email(match: Match, text: str) -> bool:
    """taro★example.jp where the text says nearby to put an @ for the star, or for _at_."""
    near = text[max(0, match.start() - 80) : match.end() + 80]
    swap = rf"{re.escape(match['star'])}.{{0,6}}(?:@|アットマ-ク)"
    return bool(re.search(swap, near)) and _is_email(match, text)


_SIGN = Sign.AT | Sign.AT_SPACED
_DISGUISE = Sign.AT_WORD | Sign.AT_MARK | Sign.AT_WORD_SPACED | Sign.AT_LETTER | Sign.AT_CODE
_SPELT = (
    r"(?P<domain>(?:[A-Za-z0-9-]{1,63} dot ){1,5}(?P<top>[A-Za-z]{2,24}))"
    r"(?![A-Za-z0-9_]|-[A-Za-z0-9])"
)
_LEAD = re.compile(rf"{_LOCAL} ?\Z")


def _disguised(sign: Sign, behind: str, holds: Callable[[Match, str], bool] = _is_email) -> Kind:
    """An address in a disguise: `behind` is a pattern of all behind its local part."""
    pattern = re.compile(_LOCAL + behind, re.IGNORECASE)
    return Kind(MASK, (sign,), pattern, holds, lead=_LEAD)


KINDS = (
    Kind(MASK, (_SIGN,), re.compile(rf"{_LOCAL}@{_DOMAIN}"), _is_email, lead=_LEAD),
    _disguised(
        _DISGUISE,
        r"(?: ?\( ?(?:at|アット(?:マ-ク)?|あっと(?:ま-く)?|@) ?\) ?"
        rf"|&#(?:0*64|x0*40);|%40){_DOMAIN}",
    ),
    _disguised(_SIGN | _DISGUISE, rf"(?: @ |\(a\)){_DOMAIN}", _is_labelled_email),
    _disguised(Sign.AT_KANA, rf" ?(?:アット(?:マ-ク)?|あっと(?:ま-く)?) ?{_DOMAIN}"),
    _disguised(Sign.AT_SPELT, rf" at {_SPELT}", _is_spelt_email),
    _disguised(
        Sign.STAR | Sign.AT_JOINED,
        rf"(?P<star>[★☆●◎◆■#*]|_at_|-at-|_atmark_|-atmark-){_DOMAIN}",
        _is_starred_email,
    ),
)
