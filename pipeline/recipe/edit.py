"""
Edit: other bounds in the text of a recipe, all else as it was written, comments too.

A proposal is shown as a difference to the file that a person wrote, so the file is never made
anew: numbers are replaced where they stand, and new limits go below the last one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from seimai.pipeline.recipe.places import Written, read_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seimai.pipeline.recipe.limits import PartLimit, Together

    Bounds = Mapping[str, float]
    Edit = tuple[int, int, str]
    """From, to, and what stands there instead; both places count characters."""

_GAP = re.compile(" {2,}(?=#)")


def with_bounds(text: str, changes: Mapping[str, Bounds]) -> str:
    r"""
    The text of a recipe with these bounds (`min`, `max`) under `limits`, by signal.

    A limit that is new passes texts on which there is nothing to measure.

    >>> with_bounds("recipe: x\nlimits:\n  a.b: {min: 1}  # why\n", {"a.b": {"min": 0.5}})
    'recipe: x\nlimits:\n  a.b: {min: 0.5} # why\n'
    """
    written = read_places(text, "recipe.yaml")
    new: list[str] = []
    edits: list[Edit] = []
    for signal, bounds in changes.items():
        node = written.values.get(("limits", signal))
        if isinstance(node, yaml.MappingNode):
            edits += _changed(written, node, signal, bounds)
        else:
            inside = ", ".join(f"{key}: {written_number(at)}" for key, at in bounds.items())
            new.append(f"{signal}: {{{inside}, empty: keep}}")
    if new:
        edits.append(_added(written, new))
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def with_together(text: str, combined: Sequence[Together]) -> str:
    """The text of a recipe with these combined limits below those that it has."""
    if not combined:
        return text
    written = read_places(text, "recipe.yaml")
    node = written.values.get(("together",))
    items = []
    for one in combined:
        limits = ", ".join(f"{name}: {{{_bounds(limit)}}}" for name, limit in one.limits.items())
        items.append((f"name: {one.name}", f"limits: {{{limits}}}"))
    if isinstance(node, yaml.SequenceNode) and node.value and node.flow_style:
        end = node.end_mark.index - 1
        return text[:end] + "".join(f", {{{a}, {b}}}" for a, b in items) + text[end:]
    if isinstance(node, yaml.SequenceNode) and node.value:
        indent = " " * node.start_mark.column
        end = len(text[: node.end_mark.index].rstrip())
        lines = "".join(f"\n{indent}- {a}\n{indent}  {b}" for a, b in items)
        return text[:end] + lines + text[end:]
    lines = "".join(f"\n  - {a}\n    {b}" for a, b in items)
    if node is not None:  # `together:` or `together: []`
        return text[: node.start_mark.index] + lines + text[node.end_mark.index :]
    return f"{text.rstrip()}\n\ntogether:{lines}\n"


def _bounds(limit: PartLimit) -> str:
    told = [(key, getattr(limit, key)) for key in ("min", "max")]
    return ", ".join(f"{key}: {written_number(at)}" for key, at in told if at is not None)


def written_number(number: float) -> str:
    """
    A number as a recipe has it: no exponent, no trailing zeros, with thousands separators.

    >>> written_number(1_000_000.0), written_number(0.0125)
    ('1_000_000', '0.0125')
    """
    if float(number).is_integer():
        return f"{int(number):_}"
    return f"{number:.10f}".rstrip("0")


def _changed(
    written: Written, node: yaml.MappingNode, signal: str, bounds: Bounds
) -> Iterator[Edit]:
    longer = 0
    for key, at in bounds.items():
        value = written.values.get(("limits", signal, key))
        if value is not None:
            start, end, number = value.start_mark.index, value.end_mark.index, written_number(at)
            longer += len(number) - (end - start)
            yield start, end, number
        elif node.flow_style:
            end = node.end_mark.index - 1
            before = ", " if node.value else ""
            longer += len(f"{before}{key}: {written_number(at)}")
            yield end, end, f"{before}{key}: {written_number(at)}"
        else:
            first, last = node.value[0][0], node.value[-1][1]
            indent = " " * first.start_mark.column
            end = last.end_mark.index
            yield end, end, f"\n{indent}{key}: {written_number(at)}"
    gap = _GAP.match(written.text, node.end_mark.index) if node.flow_style else None
    if gap:  # a comment that stands below others stays there
        yield gap.start(), gap.end(), " " * max(1, len(gap[0]) - longer)


def _added(written: Written, lines: list[str]) -> Edit:
    """The lines of new limits, to stand below the last one."""
    node = written.values.get(("limits",))
    if not isinstance(node, yaml.MappingNode) or not node.value:
        end = len(written.text.rstrip("\n"))
        if node is not None:  # `limits:` or `limits: {}`
            return node.start_mark.index, node.end_mark.index, "".join(f"\n  {x}" for x in lines)
        return end, len(written.text), "\nlimits:\n" + "".join(f"  {line}\n" for line in lines)
    if node.flow_style:
        end = node.end_mark.index - 1
        return end, end, "".join(f", {line}" for line in lines)
    first, last = node.value[0][0], node.value[-1][1]
    end = written.text.find("\n", last.end_mark.index - 1)
    if not last.value or written.text[last.end_mark.index - 1 : last.end_mark.index] != "\n":
        end = written.text.find("\n", last.end_mark.index)
    end = len(written.text) if end < 0 else end
    indent = " " * first.start_mark.column
    return end, end, "".join(f"\n{indent}{line}" for line in lines)
