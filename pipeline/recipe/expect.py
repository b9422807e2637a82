"""`expect:` of a recipe: what the result of a good run looks like."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictFloat

from seimai.pipeline.recipe.limits import Bounds, Most, Part, Share


class Drift(Part):
    """How far a run may move from the one that `--baseline` names; 0.02 is two points."""

    kept_share: Share = 0.05
    """The kept share of the read texts, up or down."""
    characters_share: Share = 0.05
    """The kept share of the characters, up or down."""
    quarantined_share: Share = 0.02
    """The share of records that could not be read, up or down."""
    reason_share: Share = 0.05
    """The share that any single reason rejects, up or down."""
    source_share: Share = 0.10
    """The kept share of any single source with twenty texts or more, up or down."""
    mean_length: Annotated[StrictFloat, Field(ge=0)] = 0.20
    """The mean length of a kept text, as a part of the earlier one."""
    masked: Annotated[StrictFloat, Field(ge=0)] = 0.50
    """Masked items of personal data per text, as a part of the earlier number."""


class Expect(Part):
    """What a good run looks like; a run outside of it ends with exit code 1."""

    kept_share: Bounds | None = None
    """Kept texts as a share of the read ones."""
    any_reason_share: Most | None = None
    """No single reason may reject a larger share of the read texts."""
    source_loss_share: Most | None = None
    """No single source may lose a larger share of its texts."""
    drift: Drift | None = None
    """Held against the run that `seimai run --baseline` or `seimai diff` names."""
