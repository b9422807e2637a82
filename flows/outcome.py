"""
How a flow run ends: a state with a name of its own for what a person has to look at, told once.

Prefect sends an event for every state, by its name; the automations of `automations.py` listen for
these names, and what they send is the message of the state.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import State
from prefect.exceptions import MissingContextError
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from seimai.flows.run_page import bounds
from seimai.pipeline.engine.publishing.concerns import needs_you
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.messages import sentence
from seimai.pipeline.recipe import Recipe
from seimai.pipeline.report.funnel import expectations, most_first, share
from seimai.pipeline.report.notices import given_up, packages_missing
from seimai.pipeline.run_record import RunRecord

NOT_AS_EXPECTED = "NotAsExpected"
WIPE_OUT = "WipeOut"
QUARANTINE = "HighQuarantine"
UNFINISHED = "Unfinished"
FAILED = "Failed"

NAMES = (WIPE_OUT, NOT_AS_EXPECTED, QUARANTINE, UNFINISHED, FAILED)
"""Names of states of a run that needs a person, the most urgent first."""

WRITTEN = frozenset({"S028", "S039", "S045", "S048", "S060"})
"""Problems of a run whose release is written all the same."""

BUSY = "O002"

CAUSES = 5
"""This many causes of quarantine are named."""


def name_of(problem: Problem) -> str:
    """
    The name of the state that a problem ends a run in.

    >>> name_of(Problem("S028")), name_of(Problem("O004", unfinished=2)), name_of(Problem("O004"))
    ('NotAsExpected', 'Unfinished', 'WipeOut')
    """
    if problem.code in ("O004", "O005", "S045"):
        return UNFINISHED if problem.values.get("unfinished") else WIPE_OUT
    return {"S028": NOT_AS_EXPECTED, "S048": QUARANTINE}.get(problem.code, FAILED)


def helps_to_wait(fault: Problem | Problems) -> bool:
    """Whether the same run may well succeed later: another run is at work, a share is away."""
    problems = _listed(fault)
    return all(one.code == BUSY or name_of(one) == UNFINISHED for one in problems)


def _listed(fault: Problem | Problems) -> list[Problem]:
    return fault.problems if isinstance(fault, Problems) else [fault]


def failed(fault: Problem | Problems) -> State[Any]:
    """The end of a flow run, with the sentences of a problem; they go to the log here, once."""
    name = min(map(name_of, _listed(fault)), key=NAMES.index)
    try:
        log = get_run_logger()
    except MissingContextError:
        pass
    else:
        log.error(str(fault))
    return Failed(name=name, message=str(fault), data=fault)


def completed(message: str, **data: Any) -> State[Any]:
    """The end of a flow run in which all was done."""
    return Completed(message=message, data=data)


def faults_of(
    run: RunRecord, recipe: Recipe, *, accept: bool = False, most_quarantined: float | None = None
) -> list[Problem]:
    """What a person has to know of a run whose release is written."""
    broken = [check for check in expectations(recipe.expect, run) if not check.ok]
    told = ", ".join(f"{sentence(f'expect.{check.name}')} {bounds(check)}" for check in broken)
    found = [
        needs_you(run, accept=accept),
        Problem("S028", checks=told) if broken else None,
        _quarantined(run, most_quarantined),
        given_up(run),
        packages_missing(run),
    ]
    return [one for one in found if one]


def _quarantined(run: RunRecord, most: float | None) -> Problem | None:
    counts = run["counts"]
    lost = share(counts["quarantined"], counts["read"])
    if most is None or lost <= most:
        return None
    causes = [
        f"{sentence(f'cause.{cause}')} {count:,}"
        for cause, count in most_first(run["quarantine_causes"])
    ]
    return Problem(
        "S048",
        share=f"{100 * lost:.1f}",
        limit=f"{100 * most:.1f}",
        count=f"{counts['quarantined']:,}",
        read=f"{counts['read']:,}",
        causes=" · ".join(causes[:CAUSES] + ["…"] * (len(causes) > CAUSES)),
    )


def ended(run: RunRecord, folder: Path, faults: Sequence[Problem], also: str = "") -> State[Any]:
    """The end of a run that wrote its release."""
    if faults:
        return failed(faults[0] if len(faults) == 1 else Problems(list(faults)))
    counts = run["counts"]
    done = sentence("flow.done", kept=f"{counts['kept']:,}", read=f"{counts['read']:,}")
    return completed(f"{done}{also}", out=str(folder), counts=counts)


class _Once(logging.Filter):
    """
    Leaves out what Prefect says of a failure that is on record already.

    That is the message once more, escaped into one line, and a traceback through Prefect's own
    engine, which says nothing about the run.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a log line is new and therefore written."""
        cause = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if isinstance(cause, (Problem, Problems)):
            return False
        repeated = str(record.msg).startswith(tuple(f"Finished in state {one}(" for one in NAMES))
        return not (repeated and ("error[" in record.msg or "エラー[" in record.msg))


def tell_once() -> None:
    """Let Prefect's log name a problem once, in a process that runs flows."""
    for name in ("prefect.engine", "prefect.flow_runs"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, _Once) for one in logger.filters):
            logger.addFilter(_Once())
