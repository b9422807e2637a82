"""
From YAML to plain values, remembering where in the file each key and each value stands.

The values follow YAML 1.2, as most people expect them: `true` and `false` are the only truth
values, `2025-04-01` and `12:30` are text, `1e3` and `200_000` are numbers. Nothing is executed,
and anchors cannot make a small file large.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml

from seimai.pipeline.errors import Place, Problem

MOST_BYTES = 1_000_000
"""A recipe is read by people; a file of more bytes is something else."""

MOST_VALUES = 100_000
"""Most values of a recipe, with anchors expanded."""

DEEPEST = 30
"""Levels of nesting; the deepest key of a real recipe has five."""

Path = tuple[str | int, ...]

_STRING = "tag:yaml.org,2002:str"
_WHOLE = re.compile(r"[-+]?[0-9][0-9_]*")
_NUMBER = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


@dataclass
class Written:
    """The values of a file, where they stand, and what was wrong with it as YAML."""

    path: str
    text: str
    data: Any = None
    problems: list[Problem] = field(default_factory=list)
    keys: dict[Path, yaml.Node] = field(default_factory=dict)
    values: dict[Path, yaml.Node] = field(default_factory=dict)

    def at(self, line: int, column: int, width: int = 1) -> Place:
        """The place of a line and a column, both from 0."""
        rows = self.text.split("\n")
        row = rows[line].rstrip("\r") if line < len(rows) else ""
        return Place(self.path, line + 1, column + 1, row, max(1, min(width, len(row) - column)))

    def key(self, path: Path) -> Place:
        """Where the key of `path` stands; the nearest key above it where it has none itself."""
        for end in range(len(path), 0, -1):
            node = self.keys.get(path[:end]) or self.values.get(path[:end])
            if node is not None:
                return self.place_of(node)
        return Place(self.path)

    def value(self, path: Path) -> Place:
        """Where the value of `path` stands; its key where the value is written nowhere."""
        node = self.values.get(path)
        return self.place_of(node) if node is not None else self.key(path)

    def place_of(self, node: yaml.Node) -> Place:
        """Where a node of the tree stands; one mark wide where it runs over several lines."""
        start, end = node.start_mark, node.end_mark
        one_line = start.line == end.line
        width = end.column - start.column if one_line else len(self.text)
        if not isinstance(node, yaml.ScalarNode) and not one_line:
            width = 1
        return self.at(start.line, start.column, width)


def read_places(text: str, path: str) -> Written:
    """The values of YAML text; what cannot be read is among the `problems` of the result."""
    written = Written(path, text)
    if len(text) > MOST_BYTES:
        written.problems.append(Problem("R028", Place(path)))
        return written
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        written.problems.append(_syntax(written, error))
        return written
    except (yaml.YAMLError, ValueError) as error:  # a character that YAML does not allow
        written.problems.append(_strange_character(written, error))
        return written
    except RecursionError:
        written.problems.append(Problem("R028", Place(path)))
        return written
    if node is None:
        written.problems.append(Problem("R027", Place(path)))
        return written
    left = [MOST_VALUES]
    try:
        written.data = _build(written, node, (), left)
    except Problem as problem:
        written.problems.append(problem)
    return written


def _build(written: Written, node: yaml.Node, path: Path, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0 or len(path) > DEEPEST:
        raise Problem("R028", Place(written.path))
    written.values[path] = node
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_build(written, item, (*path, k), left) for k, item in enumerate(node.value)]
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = _scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
        if not isinstance(key, Hashable) or key is None:
            written.problems.append(Problem("R032", written.place_of(key_node)))
            continue
        key = key_node.value
        place = (*path, key)
        if key in result:
            first = written.keys[place].start_mark.line + 1
            here = written.place_of(key_node)
            written.problems.append(Problem("R021", here, key=key, first=first))
            continue
        written.keys[place] = key_node
        result[key] = _build(written, value_node, place, left)
    return result


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style or node.tag not in _PLAIN:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text.replace("_", ""))
    if _NUMBER.fullmatch(text):
        return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


_PLAIN = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp")} | {
    _STRING,
    "tag:yaml.org,2002:merge",
    "tag:yaml.org,2002:value",
}


def _syntax(written: Written, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem("R004", Place(written.path), cause=str(error))
    here = written.at(mark.line, mark.column)
    if (here.source or "")[mark.column : mark.column + 1] == "\t":
        return Problem("R005", here)
    cause = error.problem or str(error)
    if error.context:
        cause = f"{error.context}, {cause}"
    return Problem("R004", here, cause=cause)


def _strange_character(written: Written, error: Exception) -> Problem:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return Problem("R004", Place(written.path), cause=str(error).split("\n", 1)[0])
    before = written.text[:position]
    line = before.count("\n")
    code = getattr(error, "character", 0)
    cause = f"U+{code if isinstance(code, int) else ord(code):04X}"
    return Problem("R004", written.at(line, position - before.rfind("\n") - 1), cause=cause)
