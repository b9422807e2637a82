"""The body of a card, as Markdown: what a reader needs to decide whether to use the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import yaml

from seimai.pipeline.card.apart import bucket_rows, splits_text, tokens_text
from seimai.pipeline.card.figures import collected, limited, only_duplicates
from seimai.pipeline.card.japanese import japanese
from seimai.pipeline.card.markdown import fenced, inline, percent, table
from seimai.pipeline.card.metadata import feature_type, files_of, licence_of, title_of
from seimai.pipeline.messages import counted, numbered
from seimai.pipeline.report.funnel import (
    bound_text,
    combined_limits,
    funnel,
    kept_characters_share,
    limited_signals,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.run_record import RunRecord

SOURCES_SHOWN = 50
"""Records may name their own source, so there can be thousands."""


def body(content: RunRecord, schemas: Mapping[str, pa.Schema]) -> str:
    """The page below the metadata, as Markdown."""
    sections = [
        f"# {inline(title_of(content))}",
        inline(content["about"].get("description", "")),
        _summary(content),
        "## 概要",
        _summary_ja(content),
        "## What happened to the texts",
        _funnel(content),
        "## Limits",
        _limits(content),
        "## Duplicates",
        _duplicates(content),
        "## Sources",
        _sources(content),
        *_apart(content),
        "## Columns",
        _columns(schemas),
        "## 日本語による説明",
        japanese(content, schemas),
        "## Recipe",
        fenced(_recipe(content), "yaml"),
        "## What measured it",
        _versions(content),
        "## Personal data",
        _personal(content),
        "## Known limits",
        _known_limits(content),
        "## Licence and collection",
        _licence(content),
        "## Removal",
        _removal(content),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _summary(content: RunRecord) -> str:
    counts, characters = content["counts"], content["characters"]
    return (
        f"Japanese text for training language models, curated with Seimai: {counts['kept']:,} of "
        f"{counts['read']:,} records were kept, {characters['kept']:,} of "
        f"{characters['read']:,} characters (精米歩合 {percent(kept_characters_share(content))})."
    )


def _summary_ja(content: RunRecord) -> str:
    counts, characters = content["counts"], content["characters"]
    return (
        f"日本語の学習用テキストです。入力{counts['read']:,}件のうち{counts['kept']:,}件を採用しました"
        f"（{characters['read']:,}文字中{characters['kept']:,}文字、精米歩合"
        f"{percent(kept_characters_share(content))}）。除外{counts['rejected']:,}件、"
        f"読み込めずに隔離したレコード{counts['quarantined']:,}件です。"
        "除外した文書とその理由は rejected 構成に、分布と文例は `report.html` にあります。"
        "くわしくは下の「日本語による説明」をご覧ください。"
    )


_STEPS = {
    "read": "read",
    "limits": "− outside a limit",
    "duplicates": "− duplicates of a kept text",
    "quarantined": "− could not be read (quarantined)",
    "kept": "= **kept**",
}


def _funnel(content: RunRecord) -> str:
    rows = [(_STEPS[step.name], step.count, percent(step.share)) for step in funnel(content)]
    characters = content["characters"]
    return (
        table(("step", "records", "share"), rows)
        + f"\n\nCharacters: {characters['kept']:,} of {characters['read']:,}; UTF-8 bytes: "
        f"{content['bytes']['kept']:,} of {content['bytes']['read']:,}. Nothing is dropped without "
        "a record: kept, rejected and quarantined add up to read."
    )


def _limits(content: RunRecord) -> str:
    rows = [
        (
            f"`{row['reason']}`",
            allowed,
            row["texts"],
            row["first"],
            row["alone"],
            percent(share(row["texts"], content["counts"]["read"])),
        )
        for row, allowed in limited(content, "en")
    ]
    if not rows:
        return "The recipe holds no limits."
    head = ("signal", "allowed", "texts outside", "first reason", "only reason", "share of read")
    said = (
        "A text is kept when every number lies within its limit; both ends are allowed. A text "
        "outside of several limits is counted at each."
    )
    if combined_limits(content["recipe_resolved"]):
        said += " A combined limit, `together.NAME`, says itself what it rejects."
    return f"{said}\n\n{table(head, rows)}"


def _duplicates(content: RunRecord) -> str:
    settings = content["recipe_resolved"].get("dedup")
    if not settings:
        return "Duplicates were not looked for."
    found = 1 - (1 - settings["similarity"] ** settings["rows"]) ** settings["bands"]
    alone = {"count": f"{only_duplicates(content):,}"}
    return (
        f"Exact and near duplicates share {settings['unit']} {settings['n']}-grams: Jaccard "
        f"similarity of at least {bound_text(settings['similarity'])}, verified on the texts. "
        f"Of each set of similar texts one is kept (`{settings['keep']}`). "
        f"{numbered('{count} texts were left out for this alone.', alone)} "
        f"Candidates come from MinHash ({settings['bands']} bands of {settings['rows']}), which "
        f"finds {percent(found)} of the pairs that are exactly as similar as the limit, and more "
        "of those that are more alike."
    )


def _sources(content: RunRecord) -> str:
    rows = [
        (
            inline(name),
            row["read"],
            row["kept"],
            percent(share(row["kept"], row["read"])),
            row["duplicates"],
        )
        for name, row in sorted(
            content["sources"].items(), key=lambda item: (-item[1]["read"], item[0])
        )
    ]
    shown = table(("source", "texts", "kept", "share kept", "duplicates"), rows[:SOURCES_SHOWN])
    more = len(rows) - SOURCES_SHOWN
    return shown if more <= 0 else f"{shown}\n\nAnd {more:,} more in `run.json`."


def _apart(content: RunRecord) -> Iterator[str]:
    """Tokens, buckets and splits; nothing where the recipe asks for none."""
    if told := tokens_text(content):
        yield "## Tokens"
        yield told
        by = content["tokens"]["by"].get("source", {})
        rows = [(inline(name), one["texts"], one["tokens"]) for name, one in by.items()]
        rows.sort(key=lambda row: (-row[2], row[0]))
        yield table(("source", "texts", "tokens"), rows[:SOURCES_SHOWN])
    for bucket in content.get("buckets", []):
        head, rows_of = bucket_rows(content, bucket)
        cut = "Its cut points are those of an earlier release." if bucket["earlier"] else ""
        yield f"## Bucket `{bucket['name']}`"
        yield f"The column `{bucket['column']}`, by `{bucket['by']}`. {cut}".strip()
        yield table(
            head,
            [
                [inline(str(cell)) if k == 1 else cell for k, cell in enumerate(row)]
                for row in rows_of
            ],
        )
    if told := splits_text(content):
        yield "## Splits"
        yield told


_COLUMNS = {
    "id": "stable name of the text",
    "text": "the text after cleaning",
    "source": "name of the source in the recipe",
    "url": "where the text was found, if known",
    "license": "licence of the text; `unknown` where nobody said",
    "date": "date of the text, if known",
    "dedup_group_size": "1, or how many similar texts this one stands for",
    "cut_passages": "passages cut from it that another text has and keeps",
    "cut_characters": "characters of these",
    "token_count": "its tokens, for the tokenizer of the recipe",
    "reasons": "every reason, in the order of the recipe",
    "first_reason": "the first of them",
    "values": "the measured value behind each reason",
    "duplicate_of": "`id` of the text that was kept instead",
    "similarity": "how alike the two are",
}


def _columns(schemas: Mapping[str, pa.Schema]) -> str:
    signals = "a signal's number for this text"
    parts = []
    for config, schema in schemas.items():
        rows = [
            (f"`{field.name}`", f"`{_kind(field.type)}`", _meaning(field.name, signals))
            for field in schema
        ]
        parts.append(f"Configuration `{config}`:\n\n{table(('column', 'type', 'meaning'), rows)}")
    return "\n\n".join(parts)


def _meaning(column: str, signals: str) -> str:
    if column.startswith("bucket."):
        return "the part of this bucket that the text is in"
    return _COLUMNS.get(column, signals if "." in column else "from the source, unchanged")


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list of {feature_type(kind.value_type)}"
    return feature_type(kind)


def _recipe(content: RunRecord) -> str:
    return content["recipe_text"] or yaml.safe_dump(
        content["recipe_resolved"], sort_keys=False, allow_unicode=True
    )


def _versions(content: RunRecord) -> str:
    used = limited_signals(content["recipe_resolved"])
    signals = " · ".join(
        f"`{name}` v{version}" for name, version in content["signals"].items() if name in used
    )
    packages = " · ".join(f"{name} {version}" for name, version in content["versions"].items())
    return f"Signals with a limit: {signals or 'none'}.\n\nPackages: {packages}."


def _personal(content: RunRecord) -> str:
    cleaners = ", ".join(f"`{name}`" for name in content["recipe_resolved"].get("clean", []))
    said = inline(content["about"].get("personal_information", ""))
    kinds = content["recipe_resolved"].get("personal", [])
    if not any(name == "personal" for name in content["recipe_resolved"].get("clean", [])):
        looked = "No cleaner masked personal data."
    elif kinds:
        looked = f"Kinds that were looked for: {', '.join(kinds)}."
    else:
        looked = "All kinds that are known were looked for but names of persons."
    masked = {"count": f"{content['cleaned']['masked']:,}"}
    return (f"{said}\n\n" if said else "") + (
        f"{numbered('{count} items of personal data were replaced by fixed tokens.', masked)} "
        f"Cleaners that ran: {cleaners or 'none'}. {looked} Masking recognises forms and labels; "
        "what has neither stays."
    )


def _known_limits(content: RunRecord) -> str:
    points = [
        "Signals measure the form of a text, not whether it is true, fair or harmless.",
        "Limits also reject some good text: "
        + (
            "look into the `rejected` configuration."
            if files_of(content, "rejected")
            else "rejected texts were not published with this release."
        ),
    ]
    if content["recipe_resolved"].get("dedup"):
        points.append("Near duplicates below the similarity limit, and translations, remain.")
    if content["counts"]["quarantined"]:
        points.append(
            f"{counted(content['counts']['quarantined'], 'records')} could not be read; "
            "`quarantine/` says where they stood and why."
        )
    return "\n".join(f"- {point}" for point in points)


def _licence(content: RunRecord) -> str:
    licence = licence_of(content)
    name = licence.get("license_name", licence["license"])
    lines = [f"Licence of the collection: {inline(name)}."]
    if licence["license"] == "unknown":
        lines[0] = "The licence of the collection is **unknown**: nobody stated one in the recipe."
    if licence.get("license_link"):
        lines.append(f"Terms: {inline(licence['license_link'])}.")
    lines.append("The `license` column holds what is known of each text.")
    when = inline(collected(content))
    if when:
        lines.append(f"Collected: {when}.")
    return " ".join(lines)


def _removal(content: RunRecord) -> str:
    contact = inline(content["about"].get("contact", ""))
    if not contact:
        return "No contact was given in the recipe (`about: contact`)."
    return (
        f"To have a text removed write to {contact} and name its `id` or `url`. "
        f"削除のご依頼は、対象の `id` または `url` を添えて {contact} までご連絡ください。"
    )
