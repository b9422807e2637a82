"""
Cleaners: named functions from one text to the cleaned text, and their registry.

A cleaner changes what is released, so it does one thing, never raises, and does nothing the
second time: `clean(clean(x)) == clean(x)`. Cleaners arrive as signals do, through the entry-point
group `seimai.filters` or a file named with `--filters`; a recipe lists them in the order in which
they run. Applying them to a batch is the work of `clean.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline import signal
from seimai.pipeline.errors import Problem
from seimai.pipeline.names import nearest
from seimai.pipeline.text import character_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

Polish = Callable[[str], str]
Due = Callable[["Texts"], "NDArray[np.bool_]"]
Where = Callable[[str], list[tuple[int, int]]]
Many = Callable[[list[str]], list[str]]
InBatch = Callable[["Texts", list[int], list[str]], list[str]]
Variant = Callable[["Cleaner", Sequence[str]], "Cleaner"]
Kinds = Callable[[str], list[str]]


@dataclass(frozen=True)
class Cleaner:
    """One registered cleaner; its name is what recipes list under `clean`."""

    name: str
    function: Polish
    touches: str | None
    """
    Characters, written as for `character_table`: a text without any of them comes back as it is,
    so it need not be looked at. None: every text has to be looked at.
    """
    version: int
    due: Due | None = None
    """
    Which texts of a batch have to be looked at, where single characters do not tell. It may be
    wrong about a text that comes back as it is, never about another.
    """
    masks: tuple[str, ...] = ()
    """The fixed tokens, such as `<PHONE>`, that it puts in the place of what it takes out."""
    mends: bool = False
    """Whether it turns ruined characters into what they were: shorter, but nothing is removed."""
    where: Where | None = None
    """Spans of one text that it takes out; asked only for people to look at."""
    kinds: Kinds | None = None
    """For each of the spans of `where` what it is: a menu, a card, a second copy."""
    many: Many | None = None
    """Cleans many texts at once, where that is faster; must give what single calls give."""
    in_batch: InBatch | None = None
    """
    The same of some texts of a batch that `due` was asked about, given by their rows and as
    strings: what it has found in the batch (`Texts.once`) need not be found again.
    """
    variant: Variant | None = None
    """What makes the cleaner for chosen words: `personal(EMAIL, PHONE)` masks these kinds only."""

    @cached_property
    def table(self) -> NDArray[np.bool_] | None:
        """`touches` as a table of all code points."""
        return None if self.touches is None else character_table(self.touches)

    @property
    def doc(self) -> str:
        """The docstring of the function: what it changes, what it leaves, and why."""
        return inspect.cleandoc(self.function.__doc__ or "")

    @property
    def file(self) -> Path:
        """The module that the function stands in."""
        return Path(inspect.unwrap(self.function).__code__.co_filename)

    @property
    def place(self) -> str:
        """`file:line` of the function."""
        line = inspect.unwrap(self.function).__code__.co_firstlineno
        return f"{self.file.parent.name}/{self.file.name}:{line}"

    def __call__(self, text: str) -> str:
        """The text after cleaning."""
        return self.function(text)


_registry: dict[str, Cleaner] = {}


def cleaner(
    name: str,
    *,
    touches: str | None = None,
    version: int = 1,
    due: Due | None = None,
    masks: tuple[str, ...] = (),
    mends: bool = False,
    where: Where | None = None,
    kinds: Kinds | None = None,
    many: Many | None = None,
    in_batch: InBatch | None = None,
    variant: Variant | None = None,
) -> Callable[[Polish], Polish]:
    """
    Register a `str -> str` function as the cleaner `name`.

    `version` rises whenever some text would come out differently, so that stored texts are made
    again; the others are explained at `Cleaner`.
    """

    def register(function: Polish) -> Polish:
        known = _registry.get(name)
        made = Cleaner(
            name, function, touches, version, due, masks, mends, where, kinds, many, in_batch,
            variant,
        )  # fmt: skip
        if known and known.place != made.place:
            raise Problem("S010", name=name, first=known.place, second=made.place)
        _registry[name] = made
        return function

    return register


def known_cleaners() -> dict[str, Cleaner]:
    """All cleaners by name: ours, those of installed plugins, and those of files loaded before."""
    signal.load()
    return dict(sorted(_registry.items()))


def load_cleaners(names: Iterable[str]) -> tuple[Cleaner, ...]:
    """
    The cleaners of a recipe, in its order.

    `personal(EMAIL, PHONE)` is the variant of `personal` for these words. An unknown name is a
    `Problem` that tells the nearest known one.
    """
    known = known_cleaners()
    chosen: list[Cleaner] = []
    for written in names:
        name, words = _parts(written)
        if name not in known or (words and known[name].variant is None):
            near = nearest(name, known)
            raise Problem("R009", name=name, near=near, known=", ".join(known))
        usual = known[name]
        if words and usual.variant is not None:
            chosen.append(replace(usual.variant(usual, words), name=written))
        else:
            chosen.append(usual)
    return tuple(chosen)


def _parts(written: str) -> tuple[str, tuple[str, ...]]:
    """The name of a cleaner and the words in brackets behind it."""
    name, bracket, words = written.partition("(")
    if not bracket or not words.endswith(")"):
        return written, ()
    return name, tuple(word.strip() for word in words[:-1].split(","))
