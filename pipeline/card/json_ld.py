"""
Croissant: the release described for machines, as JSON-LD on schema.org.

Croissant 1.1 of MLCommons: files with their digests, record sets with their fields, the stages as
PROV-O activities, and those properties of the RAI vocabulary that a run knows without being told.
What it does not know (biases, social impact, use cases) is left to the people who publish the data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seimai.pipeline.card.metadata import files_of, folder_pattern, splits_of
from seimai.pipeline.messages.plural import numbered
from seimai.pipeline.report.funnel import DEDUP, combined_limits, combined_text

if TYPE_CHECKING:
    from seimai.pipeline.run_record import RunRecord

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the reference library expects, and PROV-O."""

CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]

PARQUET = "application/x-parquet"
"""Not the registered name of the type, but the one by which the reference library reads it."""

FILE_SETS = {"default": ("data", "kept texts"), "rejected": ("rejected", "rejected texts")}
"""For each configuration of a release its folder and what it contains."""


def croissant(
    content: RunRecord, schemas: Mapping[str, pa.Schema], licence: Mapping[str, str]
) -> dict[str, Any]:
    """The content of `croissant.json`. `schemas` are the columns by configuration."""
    about = content["about"]
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "@id": "release",
        "conformsTo": CONFORMS_TO,
        "name": _name(content["recipe"]),
        "alternateName": about.get("title") or content["recipe"],
        "description": about.get("description") or _description(content),
        "license": licence.get("license_link") or licence.get("license_name") or licence["license"],
        "inLanguage": "ja",
        **({"datePublished": content["made"][:DAY]} if content.get("made") else {}),
        "citeAs": _citation(content),
        # Semantic versions have three parts; a recipe counts in whole ones.
        "version": f"{content['recipe_resolved'].get('version', 1)}.0.0",
        "distribution": [*_files(content), *_file_sets(content, schemas)],
        "recordSet": [_record_set(config, schema) for config, schema in schemas.items()],
        **_provenance(content),
        **_responsible(content),
    }
    if about.get("contact"):
        described["publisher"] = {"@type": "sc:Organization", "name": about["contact"]}
    return described


DAY = len("2026-01-31")


def _citation(content: RunRecord) -> str:
    """A BibTeX entry, with what a run knows of authors and dates."""
    about = content["about"]
    year = content.get("made", "")[:4]
    parts = {
        "title": about.get("title") or content["recipe"],
        "author": about.get("contact") or "",
        "year": year,
    }
    fields = ", ".join(f"{key} = {{{value}}}" for key, value in parts.items() if value)
    return f"@misc{{{_name(content['recipe'])}, {fields}}}"


def _name(recipe: str) -> str:
    """A name without the characters that Croissant forbids."""
    return re.sub(r"[^\w.-]", "-", recipe)


def _description(content: RunRecord) -> str:
    return numbered(
        "Japanese text curated with Seimai: {kept} of {read} records kept, "
        "{rejected} rejected ({duplicates} of them duplicates), {quarantined} quarantined.",
        content["counts"],
    )


# --- files and columns ---------------------------------------------------------------------


def _files(content: RunRecord) -> list[dict[str, Any]]:
    return [
        {
            "@type": "cr:FileObject",
            "@id": file["path"],
            "name": file["path"],
            "contentUrl": file["path"],
            "contentSize": f"{file['bytes']} B",
            "encodingFormat": PARQUET,
            "sha256": file["sha256"],
        }
        for file in content["outputs"]
    ]


def _file_sets(content: RunRecord, schemas: Mapping[str, pa.Schema]) -> list[dict[str, Any]]:
    return [
        {
            "@type": "cr:FileSet",
            "@id": f"{config}-files",
            "name": f"{config}-files",
            "description": f"The {FILE_SETS[config][1]}.",
            "encodingFormat": PARQUET,
            "includes": _pattern(content, FILE_SETS[config][0]),
        }
        for config in schemas
    ]


def _pattern(content: RunRecord, place: str) -> str:
    """The files of a folder, of every split and every bucket."""
    splits = splits_of(content, place)
    split = next(iter(splits)) if len(splits) == 1 else "*"
    return f"{folder_pattern(files_of(content, place))}/{split}-*.parquet"


def _record_set(config: str, schema: pa.Schema) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": config,
        "name": config,
        "description": f"One record per text: the {FILE_SETS[config][1]}.",
        "key": {"@id": f"{config}/id"},
        "field": [_field(config, field) for field in schema],
    }


def _field(config: str, field: pa.Field) -> dict[str, Any]:
    listed = pa.types.is_list(field.type) or pa.types.is_large_list(field.type)
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{config}/{field.name}",
        "name": field.name,
        "dataType": _data_type(field.type.value_type if listed else field.type),
        "source": {
            "fileSet": {"@id": f"{config}-files"},
            "extract": {"column": field.name},
        },
    }
    if listed:
        # One dimension of unknown length.
        described |= {"isArray": True, "arrayShape": "-1"}
    return described


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "cr:Int64"
    if pa.types.is_floating(kind):
        return "cr:Float32" if kind.bit_width <= 32 else "cr:Float64"
    return "sc:Text"


# --- PROV-O and RAI ------------------------------------------------------------------------


def _provenance(content: RunRecord) -> dict[str, Any]:
    agent = {
        "@type": ["prov:Agent", "prov:SoftwareAgent"],
        "@id": "seimai",
        "prov:label": f"seimai {content['versions'].get('seimai', '')}".strip(),
    }
    sources = [
        {"@type": "prov:Entity", "@id": f"source/{name}", "prov:label": name}
        for name in content["source_names"]
    ]
    activities: list[dict[str, Any]] = []
    for place, (stage, does) in enumerate(_stages(content).items()):
        activity: dict[str, Any] = {
            "@type": "prov:Activity",
            "@id": f"activity/{stage}",
            "prov:label": stage,
            "description": does,
            "prov:wasAssociatedWith": {"@id": "seimai"},
        }
        if place == 0:
            activity["prov:used"] = [{"@id": source["@id"]} for source in sources]
        else:
            activity["prov:wasInformedBy"] = {"@id": activities[-1]["@id"]}
        activities.append(activity)
    return {
        "prov:wasDerivedFrom": sources,
        "prov:wasGeneratedBy": activities,
        "prov:wasAttributedTo": agent,
    }


def _stages(content: RunRecord) -> dict[str, str]:
    """What each stage did in this run."""
    counts, recipe = content["counts"], content["recipe_resolved"]
    limits = {**recipe.get("limits", {}), **combined_limits(recipe)}
    duplicates = next((row["texts"] for row in content["reasons"] if row["reason"] == DEDUP), 0)
    stages = {
        "ingest": numbered("Read {read} records; {quarantined} could not be read.", counts),
        "clean": f"Applied {', '.join(recipe.get('clean', [])) or 'no cleaners'}: "
        + numbered("{characters_removed} characters removed, ", content["cleaned"])
        + numbered("{masked} items of personal data masked.", content["cleaned"]),
        "measure": numbered("Measured {count} signals.", {"count": len(content["signals"])}),
    }
    if recipe.get("dedup"):
        found = numbered("Found {count} duplicates", {"count": duplicates})
        stages["group"] = f"{found} by verified n-gram similarity."
    held = numbered("Held the numbers against {count} limits", {"count": len(limits)})
    stages["judge"] = f"{held}: {_limits(limits)}."
    stages["release"] = f"Wrote texts: {counts['kept']} kept, {counts['rejected']} rejected."
    return stages


def _limits(limits: Mapping[str, Any]) -> str:
    parts = []
    for name, limit in limits.items():
        if "limits" in limit:
            parts.append(f"{name} ({combined_text(limit).en})")
            continue
        bounds = [f"{key} {limit[key]:g}" for key in ("min", "max") if limit.get(key) is not None]
        parts.append(f"{name} ({', '.join(bounds)})")
    return "; ".join(parts) or "none"


def _responsible(content: RunRecord) -> dict[str, Any]:
    about, stages = content["about"], _stages(content)
    masked = numbered(
        "{masked} items of personal data were masked in the texts.", content["cleaned"]
    )
    described: dict[str, Any] = {
        "rai:dataPreprocessingProtocol": [stages["ingest"], stages["clean"]],
        "rai:dataManipulationProtocol": " ".join(
            stages[name] for name in ("measure", "group", "judge") if name in stages
        ),
        "rai:personalSensitiveInformation": [
            *([about["personal_information"]] if about.get("personal_information") else []),
            masked,
        ],
        "rai:dataLimitations": [
            "Signals measure the form of a text, not whether it is true, fair or harmless.",
        ],
        "rai:dataCollectionMissingData": (
            numbered("{quarantined} records could not be read; ", content["counts"])
            + "each is listed with place and cause."
        ),
    }
    collected = about.get("collected")
    if isinstance(collected, Mapping):
        described["rai:dataCollection"] = ", ".join(f"{key} {collected[key]}" for key in collected)
        frame = [str(collected[key]) for key in ("from", "to") if collected.get(key)]
        if frame:
            described["rai:dataCollectionTimeFrame"] = frame
    elif collected:
        described["rai:dataCollection"] = collected
    return described
