"""The user's own columns: kept as JSON beside a text, released in one type per column."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping


def as_json(extra: Mapping[str, Any]) -> str:
    """
    The user's columns as JSON; bytes become base64, what JSON cannot say becomes its `str`.

    >>> as_json({"a": 1, "b": b"x", "c": 2**70})
    '{"a":1,"b":"eA==","c":"1180591620717411303424"}'
    """
    try:
        return orjson.dumps(extra, _plainly, orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        # Integers over 64 bits, nesting without end: only the column that holds them changes.
        return orjson.dumps({str(name): _sayable(value) for name, value in extra.items()}).decode()


def _plainly(value: Any) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _sayable(value: Any) -> Any:
    try:
        return orjson.Fragment(orjson.dumps(value, _plainly, orjson.OPT_NON_STR_KEYS))
    except TypeError:
        pass
    try:
        # As text: what JSON can say and orjson cannot would come back as a float.
        return json.dumps(value, ensure_ascii=False, default=_plainly)
    except (TypeError, ValueError, RecursionError):
        return f"{value}".encode("utf-8", "replace").decode()


def wider(known: str | None, value: Any) -> str:
    """The narrowest column type that holds what was seen so far: bool, int, float, string, json."""
    if value is None:
        return known or "null"
    kind = (
        "bool"
        if isinstance(value, bool)
        else "int"
        if isinstance(value, int) and -(2**63) <= value < 2**63
        else "float"
        if isinstance(value, float)
        else "string"
        if isinstance(value, str)
        else "json"
    )
    return wider_kind(known or "null", kind)


def wider_kind(one: str, other: str) -> str:
    """The column type that holds both of two."""
    if other in (one, "null"):
        return one
    if one == "null":
        return other
    return "float" if {one, other} == {"int", "float"} else "json"
