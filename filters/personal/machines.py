"""
Addresses of machines on the internet, IPv4 and IPv6; versions, masks and loopbacks are none.

Four groups with points are also how versions and chapters are numbered: without a word such as IP
or アクセス元 before them one group has three digits. Addresses of private
networks say nothing about anybody outside and count only behind such a word.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from seimai.filters.personal.looks import Sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.filters.personal.papers import Found
    from seimai.filters.personal.signs import Signs

_FOUR = re.compile(
    r"[0-9](?<![0-9A-Za-z_.@-].)[0-9]{0,2}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9A-Za-"
    r"z_-]|\.[0-9])"
)
_SIX = re.compile(
    r"[0-9a-fA-F](?<![0-9A-Za-z:._].)[0-9a-fA-F]{0,3}(?::{1,2}[0-9a-fA-F]{1,4}){2,7}(?:::)"
    r"?(?![0-9A-Za-z:._])"
)
_NAMED = re.compile(
    r"(?:(?<![A-Za-z])IP(?:v[46])?(?![A-Za-z])|アクセス元|接続元|送信元|発信元|投稿元"
    r"|ログイン元|ホスト|クライアント|アドレス"
    r"|(?<![A-Za-z])(?:from|forwarded-for|client|remote|host|addr|address|src))[^0-9\n]{0,20}\Z",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?:(?<![A-Za-z])(?:v|ver|version|release|rev|firmware|build|OID)\.? ?|バ-ジョン"
    r"|リリ-ス|ファ-ムウェア"
    r"|第|更新プログラム)[^0-9。\n]{0,8}\Z|[A-Za-z][-/]\Z",
    re.IGNORECASE,
)
_SECTION_AFTER = re.compile(r" ?(?:節|章|項|版|以降|以前|へ更新|に更新|にアップ)")
_LOOK = 32
"""Characters before an address that may say what it is: IP, or a version."""


def find_machines(signs: Signs) -> Iterator[Found]:
    """
    IP addresses in a folded text.

    >>> from seimai.filters.personal.signs import Signs
    >>> list(find_machines(Signs.of("IP: 203.0.113.45, version 2.3.4.5")))
    [(4, 16, 'IP_ADDRESS', 0.99)]
    """
    folded = signs.folded
    for place in signs.at(Sign.FOUR):
        match = _FOUR.match(folded, place)
        if match is None:
            continue
        groups = [int(group) for group in match[0].split(".")]
        if max(groups) > 255 or any(
            len(group) > 1 and group[0] == "0" for group in match[0].split(".")
        ):
            continue
        address = ipaddress.IPv4Address(".".join(map(str, groups)))
        before = folded[max(0, match.start() - _LOOK) : match.start()]
        if _VERSION.search(before) or _SECTION_AFTER.match(folded, match.end()):
            continue
        if _is_nobodys(address) or (
            groups[3] == 0 and folded[match.end() : match.end() + 1] == "/"
        ):
            continue
        named = _NAMED.search(before) is not None
        home = any(address in network for network in _HOME)
        usual = groups[0] >= 10 and max(groups) >= 100
        if named or (usual and not home):
            yield match.start(), match.end(), "IP_ADDRESS", 0.99 if named else 0.93
    for place in signs.at(Sign.SIX):
        match = _SIX.match(folded, place)
        if match is None:
            continue
        try:
            sixth = ipaddress.IPv6Address(match[0])
        except ValueError:
            continue
        named = _NAMED.search(folded[max(0, match.start() - _LOOK) : match.start()]) is not None
        begins = int(sixth) >> 125 == 1  # 2000::/3, all that is given to anybody
        if named or (begins and len(match[0]) >= _SHORTEST):
            yield match.start(), match.end(), "IP_ADDRESS", 0.99 if named else 0.95


_SHORTEST = 9
"""Shorter rows of letters and colons are also names in C++ and times."""

_EVERYBODYS = frozenset({"8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9"})
"""Public name servers, which every manual uses as examples."""
_HOME = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))


def _is_nobodys(address: ipaddress.IPv4Address) -> bool:
    """Loopbacks, masks, wildcards, multicast, known name servers: the same on every machine."""
    return (
        str(address) in _EVERYBODYS
        or address.is_loopback
        or address.is_multicast
        or int(address) >> 24 in (0, 255)
        or int(address) & 0xFFFF == 0
    )
