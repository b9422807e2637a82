"""
A site: what a computing centre wants to be told, in a file of a few lines.

```yaml
directives: [--partition=cpu, --account=my-group]   # lines of the job script, after #SBATCH
prolog: [module load python/3.11]                   # commands before ours
processes: 40      # worker processes of one element, as many as it gets processors
elements: 1000     # the longest array that may be submitted
running: 20        # elements at work at once
wall: "02:00:00"   # what is not done by then is done by another element
```

`commands` replaces parts of the batch system's own table where a site's commands differ.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictInt, StrictStr, ValidationError

from seimai.pipeline.engine.workers.array_jobs.systems import SYSTEMS, BatchSystem, SystemName
from seimai.pipeline.errors import Place, Problem, Problems
from seimai.pipeline.recipe.faults import problem_of
from seimai.pipeline.recipe.limits import Part
from seimai.pipeline.recipe.places import MOST_BYTES, read_places

Words = tuple[StrictStr, ...]
Count = Annotated[StrictInt, Field(ge=1)]


class Commands(Part):
    """What a site's commands are called; what is left out is the batch system's own."""

    submit: Words | None = None
    query: Words | None = None
    cancel: Words | None = None
    options: Words | None = None
    array: Words | None = None
    element: StrictStr | None = None
    job: StrictStr | None = None
    here: StrictStr | None = None
    over: StrictStr | None = None
    stuck: StrictStr | None = None
    later: StrictStr | None = None
    too_long: StrictStr | None = None


class Site(Part):
    """What a computing centre wants to be told."""

    directives: Words = ()
    prolog: Words = ()
    python: StrictStr = sys.executable
    """The Python interpreter on the nodes."""
    processes: Count = 1
    elements: Count = 1000
    """Most elements of one array; Slurm's default for MaxArraySize is 1001."""
    running: Count | None = None
    wall: Annotated[StrictStr, Field(pattern=r"^\d+:[0-5]\d:[0-5]\d$")] = "01:00:00"
    poll_seconds: Annotated[float, Field(ge=0.05)] = 5.0
    commands: Commands = Commands()

    def system(self, name: SystemName) -> BatchSystem:
        """The batch system, with what this site sets differently."""
        said = self.commands.model_dump(exclude_none=True)
        if "array" in said:
            said["limited"] = said["array"]
        return replace(SYSTEMS[name], **said)


def read_site(path: Path | None) -> Site:
    """The site in a file, or what holds everywhere; all mistakes are raised as `Problems`."""
    if path is None:
        return Site()
    try:
        text = path.read_bytes()[: MOST_BYTES + 1].decode("utf-8-sig", "replace")
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise Problem("S061", Place(str(path)), path=str(path), cause=cause) from error
    if not text.strip():
        raise Problems([Problem("S062", Place(str(path)), path=str(path))])
    written = read_places(text, str(path))
    problems = list(written.problems)
    if isinstance(written.data, dict):
        try:
            site = Site.model_validate(written.data)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            problems += [problem_of(fault, written, Site) for fault in faults]
    elif not problems:
        problems.append(Problem("R015", written.value(()), key="site", like="{processes: 40}"))
    if problems:
        raise Problems(problems)
    return site
