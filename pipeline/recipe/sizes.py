"""Sizes in bytes, as a recipe writes them: `500MB`, `512MiB` or a plain number."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from seimai.pipeline.recipe.limits import wrong

_UNITS = {"": 1, "B": 1}
for _power, _letter in enumerate("KMGT", 1):
    _UNITS[f"{_letter}B"] = 1000**_power
    _UNITS[f"{_letter}IB"] = 1024**_power

_SIZE = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)\s*([A-Za-z]*)")


def bytes_of(size: Any) -> int:
    """
    A number of bytes from `500MB` (10^6), `512MiB` (2^20), or a plain number.

    >>> bytes_of("500MB"), bytes_of("1.5 GiB"), bytes_of(4096)
    (500000000, 1610612736, 4096)
    """
    if isinstance(size, int) and not isinstance(size, bool) and size > 0:
        return size
    match = _SIZE.fullmatch(size.strip()) if isinstance(size, str) else None
    unit = _UNITS.get(match[2].upper()) if match else None
    number = int(float(match[1]) * unit) if match and unit else 0
    if number <= 0:
        raise wrong("R017", got=str(size))
    return number


Size = Annotated[
    int,
    BeforeValidator(bytes_of),
    WithJsonSchema({"anyOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]}),
]
