"""
What a site says to those who would train on its pages, by the protocol in which it says it.

Of pages and crawls the readers leave it in columns (`robots`, `robots_agents`, `robots_header`,
`tdm_reservation`); crawlers of one's own may add `robots_txt`, `ai_txt` or `noai`. `noindex` for
all robots is about search engines: it is counted, and not held against a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

AGENTS = frozenset(
    (
        *("gptbot", "ccbot", "google-extended", "anthropic-ai", "claudebot", "claude-web"),
        *("cohere-ai", "bytespider", "applebot-extended", "meta-externalagent", "facebookbot"),
        *("amazonbot", "perplexitybot", "diffbot", "omgilibot", "omgili", "ai2bot", "img2dataset"),
        *("cohere-training-data-crawler", "pangubot", "timpibot", "velenpublicwebcrawler"),
    )
)
"""Robots that gather text for training, by the names that their operators give, small letters."""

NO_TRAINING = frozenset({"noai", "notrain", "notraining", "noml"})
"""What is said to all robots about training. `noimageai` is about pictures."""

REFUSED = frozenset({"noindex", "none", "noarchive", "nosnippet", *NO_TRAINING})
"""What, said to a robot that gathers for training, keeps a page from it."""

_NO = frozenset({"disallow", "disallowed", "deny", "denied", "no", "false", "0", "blocked"})
_YES = frozenset({"1", "true", "yes"})
_AGENT = re.compile(r"\s*([\w.-]+)\s*:\s*(.*)", re.DOTALL)


def _orders(said: str) -> list[tuple[str, str]]:
    """`gptbot: noindex, nofollow` and its like as pairs of robot (empty: all) and order."""
    found = []
    for rule in re.split(r"[;\n]", said):
        agent = ""
        for part in rule.split(","):
            match = _AGENT.fullmatch(part)
            if match:
                agent, part = match[1].lower(), match[2]  # noqa: PLW2901 - what is left of it
            found.append((agent, part.strip().lower()))
    return found


def _to_all(said: str) -> bool:
    return any(not agent and order in NO_TRAINING for agent, order in _orders(said))


def _to_agents(said: str) -> bool:
    return any(agent in AGENTS and order in REFUSED for agent, order in _orders(said))


def _refuses(value: Any) -> bool:
    return value is False or str(value).strip().lower() in _NO


def _affirms(value: Any) -> bool:
    return value is True or str(value).strip().lower() in _YES


Ask = Callable[[Any], bool]

PROTOCOLS: dict[str, tuple[tuple[str, ...], Ask]] = {
    "meta": (("robots",), lambda said: _to_all(str(said))),
    "header": (
        ("robots_header", "x-robots-tag", "x_robots_tag"),
        lambda said: _to_all(str(said)) or _to_agents(str(said)),
    ),
    "agents": (("robots_agents",), lambda said: _to_agents(str(said))),
    "tdm": (
        ("tdm_reservation", "tdm-reservation", "tdm_header"),
        lambda said: any(_affirms(one) for one in str(said).split(",")) or said is True,
    ),
    "robots_txt": (("robots_txt", "robots_allowed"), _refuses),
    "ai_txt": (("ai_txt", "ai_allowed"), _refuses),
    "noai": (("noai",), _affirms),
}
"""For each protocol the columns in which it is told, and whether a value refuses."""

OTHER = "noindex"
"""Refusals to robots in general; counted beside the protocols."""


def refusals(extra: Mapping[str, Any]) -> set[str]:
    """
    The protocols by which a text is refused, from the columns that came with it.

    >>> sorted(refusals({"robots": "noindex, noai", "tdm_reservation": "1"}))
    ['meta', 'noindex', 'tdm']
    """
    found = {
        protocol
        for protocol, (columns, ask) in PROTOCOLS.items()
        if any(extra.get(name) is not None and ask(extra[name]) for name in columns)
    }
    said = str(extra.get("robots") or "")
    if any(not agent and order in ("noindex", "none") for agent, order in _orders(said)):
        found.add(OTHER)
    return found


def counts(extra: Sequence[str | None]) -> dict[str, NDArray[np.float64]]:
    """By protocol, and as `any`: 1 for each text that is refused by it, from its JSON columns."""
    names = (*PROTOCOLS, OTHER, "any")
    numbers = {name: np.zeros(len(extra)) for name in names}
    for row, columns in enumerate(extra):
        if not columns:
            continue
        for name in refusals(orjson.loads(columns)):
            numbers[name][row] = 1
            if name != OTHER:
                numbers["any"][row] += 1
    return numbers
