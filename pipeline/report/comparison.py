"""Comparison: recipes side by side as a page of its own, from the data of `seimai compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seimai.pipeline import shard
from seimai.pipeline.report.funnel import share
from seimai.pipeline.report.markup import (
    Head,
    bar,
    code,
    count,
    escape,
    folded,
    note,
    number,
    percent,
    say,
    section,
    table,
)
from seimai.pipeline.report.page import whole_page
from seimai.pipeline.report.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Data = Mapping[str, Any]


def write_comparison(found: Data, path: Path) -> None:
    """Write the page; `found` is what `compare --format json` prints."""
    shard.write_bytes(path, render_comparison(found).encode())


def render_comparison(found: Data) -> str:
    """The whole page."""
    title = WORDS["compare.title"]
    header = (
        f"<header><div><h1>{say('compare.title')}</h1></div>"
        '<button id="language" type="button" hidden></button></header>'
    )
    parts = [
        header,
        "<main>",
        note(say("compare.about", texts=count(found["texts"]))),
        section("kept", say("head.kept"), _kept(found)),
        *_scores(found),
        section("differ", say("compare.differ"), _agreement(found), *_differences(found)),
        section("reasons", say("compare.reasons"), *_reasons(found)),
        *_groups(found),
        "</main>",
    ]
    return whole_page(title.en, title.ja, "\n".join(parts))


def _kept(found: Data) -> str:
    rows = [
        [
            code(side["name"]),
            count(side["kept"]),
            percent(share(side["kept"], found["texts"])),
            percent(share(side["characters"], found["characters"])),
            count(side["undecided"]),
            bar([(0.0, share(side["kept"], found["texts"]), "fill-kept")]),
        ]
        for side in found["sides"]
    ]
    heads = [
        Head("compare.recipe"),
        Head("head.kept", numbers=True),
        Head("head.share", numbers=True),
        Head("compare.characters", numbers=True),
        Head("compare.undecided", numbers=True),
        Head("head.chart", wide=True),
    ]
    return table(heads, rows)


_SCORES = ("precision", "recall", "f1")
_MISTAKES = ("good_lost", "bad_kept")


def _scores(found: Data) -> Iterator[str]:
    if not found["labelled"]:
        return
    rows = [
        [
            code(side["name"]),
            *(number(side["score"][name]) for name in _SCORES),
            *(count(side["score"][name]) for name in _MISTAKES),
        ]
        for side in found["sides"]
    ]
    heads = [Head("compare.recipe")]
    heads += [Head(f"compare.{name}", numbers=True) for name in (*_SCORES, *_MISTAKES)]
    title = say("compare.scores", count=count(found["labelled"]))
    yield section("scores", title, table(heads, rows))


def _agreement(found: Data) -> str:
    names = [side["name"] for side in found["sides"]]
    # The heads are names of recipes, not sentences of ours, so the table is made by hand.
    top = "".join(f'<th scope="col" class="n">{code(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{code(name)}</th>'
        + "".join(f'<td class="n">{percent(share(many, found["texts"]))}</td>' for many in agree)
        + "</tr>"
        for name, agree in zip(names, found["agree"], strict=True)
    )
    return (
        f'<div class="scroll" tabindex="0"><table class="narrow"><thead><tr>'
        f'<th scope="col">{say("compare.agree")}</th>{top}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _differences(found: Data) -> Iterator[str]:
    for side in found["sides"]:
        for kind in ("only_keeps", "only_rejects"):
            difference = side[kind]
            if not difference["texts"]:
                continue
            title = say(
                f"compare.{kind}", name=code(side["name"]), count=count(difference["texts"])
            )
            rows = [
                [code(one["id"]), _why(one["reasons"]), escape(one["begins"])]
                for one in difference["shown"]
            ]
            heads = [Head("compare.id"), Head("head.reasons"), Head("compare.begins")]
            yield folded(title, table(heads, rows), opened=kind == "only_keeps")


def _why(reasons: Mapping[str, Any]) -> str:
    return "<br>".join(
        f"{code(name)}: {' · '.join(code(reason) for reason in why)}"
        for name, why in reasons.items()
    )


def _reasons(found: Data) -> Iterator[str]:
    for side in found["sides"]:
        rows = [
            [code(one["reason"]), count(one["texts"]), count(one["alone"])]
            for one in side["reasons"]
        ]
        heads = [
            Head("head.reason"),
            Head("head.texts", numbers=True),
            Head("head.alone", numbers=True),
        ]
        yield folded(code(side["name"]), table(heads, rows, "narrow"), opened=True)


def _groups(found: Data) -> Iterator[str]:
    for column in dict.fromkeys(group["column"] for group in found["groups"]):
        rows = [
            [
                escape(group["name"]),
                count(group["texts"]),
                "<br>".join(
                    f"{code(side['name'])} {percent(share(kept, group['texts']))}{_f1(group, k)}"
                    for k, (side, kept) in enumerate(
                        zip(found["sides"], group["kept"], strict=True)
                    )
                ),
            ]
            for group in found["groups"]
            if group["column"] == column
        ]
        heads = [Head("compare.group"), Head("head.texts", numbers=True), Head("head.kept_share")]
        yield section(f"by-{escape(column)}", code(column), table(heads, rows, "narrow"))


def _f1(group: Data, k: int) -> str:
    if not group["scores"]:
        return ""
    one = group["scores"][k]
    return (
        f" · {say('compare.precision')} {number(one['precision'])}"
        f" · {say('compare.recall')} {number(one['recall'])}"
    )
