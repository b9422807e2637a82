"""
Concerns: what is odd about a result, whatever its recipe expects; and what no release gives way to.

A column that was renamed or a share that is not mounted gives a run that did all it should and has
nothing to show for it. Such a run ends with exit code 1, and does not take the place of a release
that had something: that one stays until somebody says `--accept`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seimai.pipeline import shard
from seimai.pipeline.engine.planning.surroundings import Unfinished, named
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.engine.planning.plan import Split
    from seimai.pipeline.engine.planning.records import LedgerRecord
    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import ConcernRecord, RunRecord

MOST_QUARANTINED = 0.5
"""A source that loses more of its records for one cause is read in the wrong way, or broken."""

BY_NATURE = frozenset({"format", "needs_ocr", "encrypted", "outside", "empty", "forgotten"})
"""Causes that whole folders have by right: pictures, scans, locked or empty files, and links."""

LEAST_READ = 0.5
"""A smaller part of what the last release read is a source that went missing."""

MOST_SHIFT = 0.2
"""The kept share of the same recipe moves by a few points from night to night."""

FEW = 20
"""With fewer texts than this no share is compared."""

_DECIDES = ("clean", "models", "limits", "together", "dedup", "tokens")
"""Sections of a recipe that decide what is kept; a user who changes them wants another share."""


@dataclass(frozen=True)
class Concern:
    """Something odd: a code of `messages`, and the values of its sentence as data."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    def as_record(self) -> ConcernRecord:
        """Its entry under `concerns` in `run.json`."""
        return {"code": self.code, "values": self.values}


def concerns(
    job: Job,
    splits: Sequence[Split],
    ledgers: Sequence[LedgerRecord],
    run: RunRecord,
) -> list[Concern]:
    """What is odd about a run by itself; `run` is the content of `run.json`."""
    counts = run["counts"]
    found = []
    texts = counts["read"] - counts["quarantined"]
    if texts and not counts["kept"]:
        reasons = sorted(run["reasons"], key=lambda one: -one["texts"])
        first = reasons[0]["reason"] if reasons and reasons[0]["texts"] else ""
        found.append(Concern("S041", {"read": texts, "reason": first}))
    for place, source in enumerate(job.recipe.source):
        own = [one for split, one in zip(splits, ledgers, strict=True) if split.source == place]
        read = sum(one["read"] for one in own)
        causes: Counter[str] = Counter()
        for one in own:
            for tally in one["formats"].values():
                causes.update(tally["quarantined"])
        for cause, count in sorted(causes.items()):
            if count > MOST_QUARANTINED * read and cause not in BY_NATURE:
                detail = _detail(job, own, cause)
                values = {"source": source.name, "cause": cause, "count": count, "read": read}
                found.append(Concern("S042", {**values, "detail": detail}))
    return found or ([] if texts else [Concern("S040")])


def _detail(job: Job, ledgers: Sequence[LedgerRecord], cause: str) -> str:
    """What the first record with a cause says of it."""
    for one in ledgers:
        for name in one["quarantine"]:
            table = shard.read_table(job.path("quarantine", name), ["cause", "detail"])
            rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
            for its_cause, detail in rows:
                if its_cause == cause:
                    return str(detail)
    return ""


def said(concern: ConcernRecord) -> str:
    """A concern of `run.json` as a sentence, with what to do about it."""
    values = dict(concern["values"])
    code = concern["code"]
    if "cause" in values:
        no_text = values["cause"] in {"no_text", "no_text_column"}
        code = "S043" if no_text else code
        values["cause"] = sentence(f"cause.{values['cause']}")
    if "detail" in values:
        values["detail"] = told(values["detail"])
    shown = {
        key: f"{value:,}" if isinstance(value, int) else value for key, value in values.items()
    }
    return sentence(code, **shown)


def needs_you(run: RunRecord, *, accept: bool = False) -> Problem | None:
    """The problem of a release that was written and is not as it should be; None where all is."""
    unfinished = [Unfinished(**one) for one in run.get("unfinished", [])]
    why = [] if accept else [said(one) for one in run.get("concerns", [])]
    if unfinished:
        why.insert(0, sentence("S044", **named(unfinished)))
    return Problem("S045", why="; ".join(why), unfinished=len(unfinished)) if why else None


def refuse_holes(
    had: set[str] | None,
    unfinished: Sequence[Unfinished],
    ledgers: Sequence[LedgerRecord],
) -> None:
    """
    Raise a `Problem` where inputs of the release that is there could not be read now.

    `had` are the keys of its inputs, None where there is no release.
    A first release, or one whose inputs are all there, may be written without the others; one
    that would have nothing at all may not.
    """
    if not unfinished:
        return
    lost = [one for one in unfinished if one.key in (had or ())]
    if lost or not any(one["read"] for one in ledgers):
        why = sentence("S044", **named(lost or unfinished))
        code = "O005" if had is None else "O004"
        raise Problem(code, why=why, unfinished=len(unfinished))


def refuse_worse(old: RunRecord | None, new: RunRecord) -> None:
    """Raise a `Problem` where a result is far from the release that it would take the place of."""
    if not old or not old["counts"]["kept"]:
        return
    before = old.get("concerns", [])
    why = [said(one) for one in new["concerns"] if one not in before]
    why += _shifted(old, new)
    if why:
        raise Problem("O004", why="; ".join(why))


def refuse_forgetful(place: str, there: RunRecord | None, new: RunRecord) -> None:
    """Raise a `Problem` where a release leaves out texts on request which this one may have."""
    asked, known = (one.get("forgotten", 0) if one else 0 for one in (there, new))
    if known < asked:
        raise Problem("O014", place=place, asked=asked, known=known)


def _shifted(old: RunRecord, new: RunRecord) -> list[str]:
    """How a run of the same recipe differs from the last one, where that is much."""
    was, now = old["counts"], new["counts"]
    if was["read"] < FEW or not now["read"] or not now["kept"]:
        return []
    found = []
    if old.get("source_names") == new["source_names"] and now["read"] < LEAST_READ * was["read"]:
        found.append(sentence("S046", was=f"{was['read']:,}", now=f"{now['read']:,}"))
    old_recipe, new_recipe = old["recipe_resolved"], new["recipe_resolved"]
    same = all(old_recipe.get(part) == new_recipe.get(part) for part in _DECIDES)
    shares = [counts["kept"] / counts["read"] for counts in (was, now)]
    if same and abs(shares[0] - shares[1]) > MOST_SHIFT:
        found.append(sentence("S047", was=f"{100 * shares[0]:.1f}", now=f"{100 * shares[1]:.1f}"))
    return found
