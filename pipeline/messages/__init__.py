"""
Every sentence that Seimai says, in English and Japanese side by side.

A test asserts that both languages exist for every code and use the same placeholders. Codes:
R recipe, I input, M model, C benchmarks and lists, S stage, O output folder, X index, T tokens and
mixes, E environment, V verify, U usage; `word.*` are the small words that screens are made of,
`help.*` what `--help` shows. One file here per family.
"""

from __future__ import annotations

import locale
import os
from typing import Any

from seimai.pipeline.messages.admission import ADMISSION
from seimai.pipeline.messages.answers import ANSWERS
from seimai.pipeline.messages.apart import APART
from seimai.pipeline.messages.checks import CHECKS
from seimai.pipeline.messages.delivery import DELIVERY
from seimai.pipeline.messages.details import in_japanese
from seimai.pipeline.messages.disclosure import DISCLOSURE
from seimai.pipeline.messages.index import INDEX
from seimai.pipeline.messages.inputs import INPUTS
from seimai.pipeline.messages.looks import LOOKS
from seimai.pipeline.messages.message import Message
from seimai.pipeline.messages.models import MODELS
from seimai.pipeline.messages.plural import counted, numbered
from seimai.pipeline.messages.recipe import RECIPE
from seimai.pipeline.messages.reference import REFERENCE
from seimai.pipeline.messages.releases import RELEASES
from seimai.pipeline.messages.screens import SCREENS
from seimai.pipeline.messages.stages import STAGES
from seimai.pipeline.messages.surroundings import SURROUNDINGS
from seimai.pipeline.messages.trying import TRYING
from seimai.pipeline.messages.usage import USAGE

__all__ = [
    "MESSAGES",
    "Message",
    "asked_language",
    "counted",
    "hint",
    "language",
    "numbered",
    "sentence",
    "told",
    "use_language",
]

MESSAGES: dict[str, Message] = {
    **RECIPE,
    **ADMISSION,
    **APART,
    **DISCLOSURE,
    **INPUTS,
    **STAGES,
    **RELEASES,
    **SURROUNDINGS,
    **SCREENS,
    **LOOKS,
    **CHECKS,
    **ANSWERS,
    **MODELS,
    **INDEX,
    **DELIVERY,
    **TRYING,
    **REFERENCE,
    **USAGE,
}

_chosen: list[str] = []


def language() -> str:
    """`ja` or `en`: what `use_language` chose, else the locale of the process."""
    if _chosen:
        return _chosen[-1]
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "ja" if (named or locale.getlocale()[0] or "").lower().startswith("ja") else "en"


def asked_language() -> str | None:
    """What `use_language` chose; None where the locale decides."""
    return _chosen[-1] if _chosen else None


def use_language(name: str | None) -> None:
    """Speak `name` (`en` or `ja`) from now on; None goes back to the locale."""
    _chosen.clear()
    if name:
        _chosen.append(name)


def sentence(code: str, **values: Any) -> str:
    """The sentence of `code` in the language of the process, its placeholders filled."""
    message = MESSAGES[code]
    return message.ja.format(**values) if language() == "ja" else numbered(message.en, values)


def hint(code: str, **values: Any) -> str:
    """What to do next about `code`; empty where there is nothing useful to say."""
    message = MESSAGES[code]
    if language() == "ja":
        return message.hint_ja.format(**values)
    return numbered(message.hint_en, values)


def told(detail: str) -> str:
    """The detail of a quarantined record in the language of the process."""
    return in_japanese(detail) if language() == "ja" else detail
