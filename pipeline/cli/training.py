"""`train`: a learned score from labelled texts, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.pipeline.cli.output import percent, say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner

TOLD = ("precision", "recall", "caught")
"""Columns of the printed curve: what keeping all texts up to a threshold would give."""


def train_model(
    good: Sequence[str],
    bad: Sequence[str],
    labels: Sequence[str],
    out: Path,
    manner: Manner,
) -> int:
    """`seimai train`."""
    from seimai.pipeline.errors import Problem
    from seimai.pipeline.learn.model import save
    from seimai.pipeline.training import examples, train

    if out.suffix != ".npz":
        raise Problem("U008", got=str(out), name="--out", want="MODEL.npz", near=None)
    texts = [
        *examples(good, "good"),
        *examples(bad, "bad"),
        *examples(labels, "labels"),
    ]
    model = train(texts)
    save(model, out)
    if manner.json:
        say_json({"model": str(out), **model.about})
    elif not manner.quiet:
        say(_lines(model.about, out))
    return 0


def train_kinds_of(files: Sequence[str], out: Path, manner: Manner) -> int:
    """`seimai train --kinds`: a model for each kind into a folder, and their confusion."""
    from seimai.pipeline.kinds import labelled, train_kinds
    from seimai.pipeline.learn.model import save

    learned = train_kinds(labelled(files))
    for kind, model in learned.models.items():
        save(model, out / f"{kind}.npz")
    if manner.json:
        say_json({"models": sorted(learned.models), "confusion": learned.confusion})
    elif not manner.quiet:
        say(_kinds_lines(learned.confusion, list(learned.models), out))
    return 0


def _kinds_lines(confusion: dict[str, dict[str, int]], kinds: list[str], out: Path) -> list[str]:
    right = sum(row.get(kind, 0) for kind, row in confusion.items())
    whole = sum(sum(row.values()) for row in confusion.values())
    taken = list(confusion[kinds[0]])
    head = (sentence("train.is"), *taken)
    rows = [(kind, *(f"{row[one]:,}" for one in taken)) for kind, row in confusion.items()]
    models = ", ".join(f"kind_{kind}: {out / kind}.npz" for kind in kinds)
    highest = ", ".join(f"{kind}: model.kind_{kind}" for kind in kinds)
    return [
        sentence("train.kinds", kinds=", ".join(kinds), right=percent(right, whole)),
        "",
        *(f"  {line}" for line in columns([head, *rows], frozenset(range(1, len(head))))),
        "",
        sentence("train.use_kinds", models=models, highest=highest),
    ]


def _lines(about: dict[str, Any], out: Path) -> list[str]:
    texts, unseen = about["texts"], about["unseen"]
    head = tuple(sentence(f"train.{name}") for name in ("threshold", *TOLD))
    rows = [
        (f"{row['threshold']:g}", *(_share(row[name]) for name in TOLD)) for row in unseen["curve"]
    ]
    if unseen["background"]:
        head = (*head, sentence("train.background"))
        rows = [
            (*row, _share(other["good_kept"]))
            for row, other in zip(rows, unseen["background"], strict=True)
        ]
    return [
        sentence("train.texts", good=f"{texts['good']:,}", bad=f"{texts['bad']:,}"),
        sentence("train.unseen", auc=f"{unseen['auc']:.3f}"),
        "",
        *(f"  {line}" for line in columns([head, *rows], frozenset(range(len(head))))),
        "",
        sentence("train.use", name=_name(out), path=out),
    ]


def _share(part: float | None) -> str:
    return "–" if part is None else percent(part, 1)


def _name(out: Path) -> str:
    """A name for the model in a recipe, after its file."""
    name = "".join(one if one.isascii() and one.isalnum() else "_" for one in out.stem.lower())
    return name if name[:1].isalpha() else f"my_{name}"
