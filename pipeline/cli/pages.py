"""`page`: what is read of one web page, what is cut, and by which rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.ingest.pages.page_shown import Shown


def show_page(place: str, browser: Path | None, *, comments: bool, manner: Manner) -> int:
    """`seimai page FILE` and `seimai page WARC#OFFSET`."""
    from seimai.pipeline.ingest import ReadOptions
    from seimai.pipeline.ingest.pages.page_shown import COLOURS, as_dict, coloured, find_page, shown

    path, _, record = place.partition("#")
    if not Path(path).is_file():
        raise Problem("U061", path=path)
    page = find_page(path, record)
    if isinstance(page, str):
        raise Problem("U062", path=place, cause=sentence(page))
    found = shown(page[0], ReadOptions(comments="keep" if comments else "drop"), page[1])
    if browser:
        names = {rule: sentence(f"page.{rule}") for rule in COLOURS}
        browser.write_text(coloured(found, names), "utf-8")
    if manner.json:
        say_json(as_dict(found))
    elif not manner.quiet:
        say(_lines(found, place))
        if browser:
            say(sentence("page.browser", path=browser))
    return 0


def _lines(found: Shown, place: str) -> Iterator[str]:
    text = found.extracted.text
    kept = len("".join(text.split()))
    cut = sum(part.characters for part in found.parts)
    yield f"{found.url or place}  {sentence('page.sum', kept=kept, cut=cut)}"
    for name, value in sorted(found.extracted.facts.items()):
        yield f"  {name}: {value}"
    yield ""
    yield from (line.rstrip() for line in text.split("\n"))
    yield ""
    sums: Counter[str] = Counter()
    for part in found.parts:
        sums[part.rule] += part.characters
    for rule, count in sums.most_common():
        yield f"✂ {sentence(f'page.{rule}')}  {sentence('page.characters', count=count)}"
        rows = [
            (f"{part.characters:,}", part.element, part.begins)
            for part in found.parts
            if part.rule == rule
        ]
        yield from (f"    {line}" for line in columns(rows, frozenset({0})))
