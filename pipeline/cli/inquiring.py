"""`find` and `forget`: an inquiry about a text, and a take-down."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli.indexing import read_text
from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.errors import Problem
from seimai.pipeline.index.releases import name_of
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.engine.forgetting.forget import Forgot
    from seimai.pipeline.index.blocked import Kind
    from seimai.pipeline.inspect.find import Found

MOST_SHOWN = 20
"""At most this many texts are listed; JSON has them all."""


def asked_for(
    id_: str | None, url: str | None, host: str | None, text_file: Path | None
) -> tuple[Kind, str]:
    """What is looked for; exactly one of the four."""
    given: list[tuple[Kind, str]] = []
    for kind, value in (("id", id_), ("url", url), ("host", host)):
        if value is not None:
            given.append((kind, value))  # type: ignore[arg-type]
    if text_file is not None:
        given.append(("text", read_text(str(text_file))))
    if len(given) != 1:
        raise Problem("X009")
    return given[0]


def find_text(place: str, kind: Kind, value: str, manner: Manner) -> int:
    """`seimai find PLACE`: 1 where nothing was found."""
    from seimai.pipeline import slim_imports

    slim_imports.load_pyarrow()
    from seimai.pipeline.engine.forgetting.remote_index import bring
    from seimai.pipeline.inspect.find import find

    found = find(bring(place), kind, value)
    if manner.json:
        say_json([asdict(one) for one in found])
    elif not manner.quiet:
        say(found_lines(found))
    return 0 if found else 1


def found_lines(found: list[Found]) -> Iterator[str]:
    """The texts that were found, each with its place and what became of it."""
    if not found:
        yield sentence("find.nothing")
        return
    yield sentence("find.count", count=f"{len(found):,}")
    for one in found[:MOST_SHOWN]:
        yield ""
        yield f"{one.id}  {sentence(f'find.{one.outcome}')}"
        rows = [(sentence("find.place"), f"{one.file} · {one.row}")]
        if one.url:
            rows.append((sentence("find.url"), one.url))
        if one.reasons:
            rows.append((sentence("find.reasons"), " · ".join(one.reasons)))
        if one.duplicate_of:
            where = f" ({one.duplicate_in})" if one.duplicate_in else ""
            rows.append((sentence("find.instead"), f"{one.duplicate_of}{where}"))
        if one.similarity is not None:
            rows.append((sentence("find.similarity"), f"{one.similarity:.2f}"))
        yield from columns([(f"  {name}", value) for name, value in rows])
    if len(found) > MOST_SHOWN:
        yield ""
        yield sentence("find.more", count=f"{len(found) - MOST_SHOWN:,}")


def forget_text(
    out: Path,
    kind: Kind,
    value: str,
    *,
    keep_copies: bool,
    why: str,
    index: str | None,
    manner: Manner,
) -> int:
    """`seimai forget OUT`."""
    from seimai.pipeline import slim_imports

    slim_imports.load_pyarrow()
    from seimai.pipeline.engine.forgetting.forget import forget
    from seimai.pipeline.engine.forgetting.remote_index import changing

    copies = not keep_copies
    if index is None:
        done = forget(out, kind, value, copies=copies, why=why)
    else:
        with changing(index) as folder:
            done = forget(out, kind, value, copies=copies, why=why, index=folder)
    if manner.json:
        say_json(
            {
                "request": asdict(done.request),
                "texts": done.texts,
                "named": done.named,
                "from_index": done.from_index,
                "counts": done.run["counts"] if done.run else None,
            }
        )
    elif not manner.quiet:
        say(_forgot_lines(done, out, index))
    return 0


def _forgot_lines(done: Forgot, out: Path, index: str | None) -> Iterator[str]:
    values = {
        "number": done.request.number,
        "texts": f"{done.texts:,}",
        "named": f"{done.named:,}",
        "alike": f"{done.texts - done.named:,}",
    }
    code = "forget.none" if not done.texts else "forget.done"
    yield sentence(code, **values)
    if index is not None:
        count = sum(done.from_index.values())
        yield sentence("forget.index", count=f"{count:,}", path=index)
        for name, texts in done.from_index.items():
            if name != name_of(out):
                yield f"  {sentence('forget.elsewhere', name=name, count=f'{texts:,}')}"
    if done.run is not None:
        yield sentence("forget.release", kept=f"{done.run['counts']['kept']:,}", out=out)
        yield sentence("forget.previous")
    yield sentence("forget.record", path=out / "forgotten" / "requests.json")
