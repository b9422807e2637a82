"""Commands about what was released: `verify`, `index`, `find`, `forget` …; see `commands`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.types import PositiveInt

from seimai.pipeline.cli.manner import PLAIN, Manner
from seimai.pipeline.cli.parameters import Folder, Junit, Published

Id = Annotated[str | None, Parameter(name="--id", help="help.find_id", metavar="ID")]
Url = Annotated[str | None, Parameter(help="help.find_url", metavar="URL")]
Host = Annotated[str | None, Parameter(help="help.find_host", metavar="HOST")]
TextFile = Annotated[Path | None, Parameter(help="help.find_text", metavar="FILE")]


def verify(
    out: Published,
    /,
    *,
    stages: Annotated[bool, Parameter(help="help.stages", negative="")] = False,
    junit: Junit = None,
    manner: Manner = PLAIN,
) -> int:
    """Check a release."""
    from seimai.pipeline.cli.look import verify_release
    from seimai.pipeline.cli.publishing import at_hand

    with at_hand(out, stages=stages) as folder:
        return verify_release(folder, junit, manner, stages=stages)


def rollback(out: Published, /, *, manner: Manner = PLAIN) -> int:
    """Exchange the release and the one before it."""
    from seimai.pipeline.cli.publishing import roll_back_address
    from seimai.pipeline.cli.run import roll_back
    from seimai.pipeline.storage import is_address

    return roll_back_address(out, manner) if is_address(out) else roll_back(Path(out), manner)


def disclose(out: Folder, /, *, manner: Manner = PLAIN) -> int:
    """Draft the disclosures that are asked for."""
    from seimai.pipeline.cli.disclosing import disclose_run

    return disclose_run(out, manner)


def report(out: Folder, /, *, manner: Manner = PLAIN) -> int:
    """Write the report again."""
    from seimai.pipeline.cli.look import write_report

    return write_report(out, manner)


def index(
    action: Annotated[
        Literal["build", "add", "remove", "compact", "info", "query"],
        Parameter(help="help.index_action"),
    ],
    places: Annotated[tuple[str, ...], Parameter(help="help.index_places", negative="")] = (),
    /,
    *,
    folder: Annotated[str, Parameter(name="--index", help="help.index_folder", metavar="INDEX")],
    recipe: Annotated[Path | None, Parameter(help="help.index_recipe", metavar="RECIPE")] = None,
    check: Annotated[bool, Parameter(help="help.index_check", negative="")] = False,
    manner: Manner = PLAIN,
) -> int:
    """Keep what was released."""
    from seimai.pipeline.cli.indexing import change_index

    return change_index(action, places, folder, recipe=recipe, check=check, manner=manner)


def dedup(
    out: Annotated[Path | None, Parameter(help="help.dedup_out")] = None,
    /,
    *,
    edited: Annotated[float, Parameter(help="help.edited", metavar="SHARE")] = 0.02,
    recall: Annotated[float, Parameter(help="help.recall", metavar="SHARE")] = 0.95,
    false: Annotated[float, Parameter(help="help.false", metavar="SHARE")] = 0.1,
    n: Annotated[PositiveInt, Parameter(help="help.shingle", metavar="N")] = 5,
    texts: Annotated[PositiveInt | None, Parameter(help="help.texts", metavar="N")] = None,
    manner: Manner = PLAIN,
) -> int:
    """Propose settings for duplicates."""
    from seimai.pipeline.cli.proposing import propose_settings

    return propose_settings(
        out, edited=edited, recall=recall, false=false, n=n, texts=texts, manner=manner
    )


def find(
    place: Annotated[str, Parameter(help="help.find_place")],
    /,
    *,
    id_: Id = None,
    url: Url = None,
    host: Host = None,
    text_file: TextFile = None,
    manner: Manner = PLAIN,
) -> int:
    """Say where a text is."""
    from seimai.pipeline.cli.inquiring import asked_for, find_text

    return find_text(place, *asked_for(id_, url, host, text_file), manner)


def forget(
    out: Folder,
    /,
    *,
    id_: Id = None,
    url: Url = None,
    host: Host = None,
    text_file: TextFile = None,
    keep_copies: Annotated[bool, Parameter(help="help.keep_copies", negative="")] = False,
    why: Annotated[str, Parameter(help="help.why", metavar="REASON")] = "",
    index: Annotated[str | None, Parameter(help="help.forget_index", metavar="INDEX")] = None,
    manner: Manner = PLAIN,
) -> int:
    """Take a text down."""
    from seimai.pipeline.cli.inquiring import asked_for, forget_text

    kind, value = asked_for(id_, url, host, text_file)
    return forget_text(
        out, kind, value, keep_copies=keep_copies, why=why, index=index, manner=manner
    )
