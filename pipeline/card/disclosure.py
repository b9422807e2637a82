"""
Drafts of what law and good practice ask to be disclosed, made from `run.json`.

Each answer stands on figures of `run.json`, which are written beside it with their place there, so
that `verify` can hold a draft against the run. What a tool cannot know stays a marked question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.pipeline import shard
from seimai.pipeline.messages import MESSAGES, numbered

if TYPE_CHECKING:
    from seimai.pipeline.run_record import RunRecord, TextCounts

FOLDER = "disclosure"
"""Beside the release: people fill it in, and a release is never touched."""

MOST_LISTED = 50
"""Reasons, licences and sources in a sentence; the others are in `run.json`."""

TOP_SHARE, LEAST_HOSTS = 0.1, 20
"""The template of the EU asks for a tenth of the domains; of few domains more are named."""

FORMS: dict[str, dict[str, tuple[str, ...]]] = {
    "eu-summary": {
        "general": ("provider", "model", "name", "size", "language", "period"),
        "sources": ("source_list", "obtained", "licences", "crawler", "domains"),
        "processing": (
            *("reservations", "illegal", "personal", "filters", "duplicates", "benchmarks"),
        ),
    },
    "datasheet": {
        "motivation": ("purpose",),
        "composition": ("name", "size", "language", "period", "source_list", "licences", "bias"),
        "collection": ("crawler", "obtained", "reservations", "personal"),
        "processing": ("filters", "duplicates", "benchmarks", "illegal"),
        "uses": ("uses", "licence", "contact", "maintenance", "records"),
    },
    "jp-disclosure": {
        "data": ("model", "name", "size", "period", "web", "source_list", "licences", "personal"),
        "rights": ("crawler", "reservations", "access", "illegal", "filters"),
        "contact": ("records", "contact", "maintenance"),
    },
}
"""For each form its parts, and the questions of each part."""

Told = tuple[dict[str, Any], tuple[str, ...]]
"""Values of the sentence, and where in `run.json` they come from."""


KIND = "kind"
"""Among the values: how the name of another sentence for the same question ends."""


def _of_counts(counts: Mapping[str, TextCounts]) -> str:
    return _listed([f"{name} {one['texts']:,} ({one['kept']:,})" for name, one in counts.items()])


def _listed(parts: list[str]) -> str:
    return " · ".join([*parts[:MOST_LISTED], *["…"] * (len(parts) > MOST_LISTED)])


def _name(run: RunRecord) -> Told:
    title = run["about"].get("title") or run["recipe"]
    return {"title": title}, ("about.title" if run["about"].get("title") else "recipe",)


def _size(run: RunRecord) -> Told:
    values: dict[str, Any] = {
        "kept": run["counts"]["kept"],
        "characters": run["characters"]["kept"],
        "bytes": run["bytes"]["kept"],
    }
    places = ("counts.kept", "characters.kept", "bytes.kept")
    if "tokens" not in run:
        return values, places
    tokens = run["tokens"]
    values |= {"tokens": tokens["tokens"], "tokenizer": tokens["tokenizer"]["name"]}
    return {**values, KIND: "_tokens"}, (*places, "tokens.tokens")


def _language(run: RunRecord) -> Told:
    del run
    return {}, ()


def _period(run: RunRecord) -> Told | None:
    spans = run["provenance"]["spans"] if "provenance" in run else {}
    if not spans:
        return None
    listed = [f"{source} {one['from']} – {one['to']}" for source, one in spans.items()]
    return {"spans": _listed(listed)}, ("provenance.spans",)


def _sources(run: RunRecord) -> Told:
    listed = [f"{name} {one['kept']:,} / {one['read']:,}" for name, one in run["sources"].items()]
    return {"sources": _listed(listed)}, ("sources",)


def _licences(run: RunRecord) -> Told | None:
    if "provenance" not in run:
        return None
    listed = [
        f"{one['source']}: {one['license']} {one['kept']:,}"
        for one in run["provenance"]["licenses"]
        if one["kept"]
    ]
    return {"licences": _listed(listed) or "–"}, ("provenance.licenses",)


def _crawler(run: RunRecord) -> Told | None:
    collected = run["about"].get("collected")
    if not collected:
        return None
    if isinstance(collected, Mapping):
        collected = ", ".join(f"{key} {value}" for key, value in collected.items())
    return {"collected": str(collected)}, ("about.collected",)


def _domains(run: RunRecord) -> Told | None:
    told = run.get("provenance")
    if not told or not told["host_count"]:
        return None
    shown = max(LEAST_HOSTS, round(TOP_SHARE * told["host_count"]))
    hosts = [one for one in told["hosts"][:shown] if one["kept"]]
    listed = " · ".join(f"{one['host']} {one['bytes_kept']:,}" for one in hosts) or "–"
    values = {"shown": len(hosts), "count": told["host_count"], "hosts": listed}
    return values, ("provenance.hosts", "provenance.host_count")


def _reservations(run: RunRecord) -> Told | None:
    optout = run["provenance"]["optout"] if "provenance" in run else {}
    return ({"optout": _of_counts(optout)}, ("provenance.optout",)) if optout else None


def _illegal(run: RunRecord) -> Told | None:
    lists = run["provenance"]["lists"] if "provenance" in run else {}
    return ({"lists": _of_counts(lists)}, ("provenance.lists",)) if lists else None


def _personal(run: RunRecord) -> Told:
    cleaners = run["recipe_resolved"].get("clean", [])
    values = {"masked": run["cleaned"]["masked"], "cleaners": ", ".join(cleaners) or "–"}
    return values, ("cleaned.masked", "recipe_resolved.clean")


def _filters(run: RunRecord) -> Told:
    counts = run["counts"]
    reasons = sorted(run["reasons"], key=lambda one: -one["texts"])
    listed = [f"{one['reason']} {one['texts']:,}" for one in reasons if one["texts"]]
    values = {name: counts[name] for name in ("read", "rejected", "quarantined")}
    return {**values, "reasons": _listed(listed) or "–"}, ("counts", "reasons")


def _duplicates(run: RunRecord) -> Told | None:
    if not run["recipe_resolved"].get("dedup"):
        return None
    return {"duplicates": run["counts"]["duplicates"]}, ("counts.duplicates",)


def _benchmarks(run: RunRecord) -> Told | None:
    listed = [
        f"{one['name']}: {one['items_found']:,} / {one['items']:,}, {one['texts']:,} "
        f"({one['kept']:,})"
        for one in run.get("benchmarks", [])
    ]
    return ({"benchmarks": _listed(listed)}, ("benchmarks",)) if listed else None


def _of_about(key: str, name: str) -> Callable[[RunRecord], Told | None]:
    def told(run: RunRecord) -> Told | None:
        value = run["about"].get(key)
        return ({name: str(value)}, (f"about.{key}",)) if value else None

    return told


def _records(run: RunRecord) -> Told:
    values = {
        "made": run.get("made", "–"),
        "files": len(run["outputs"]),
        "inputs": run.get("input_count", len(run["inputs"])),
    }
    return values, ("made", "outputs", "input_count")


def _web(run: RunRecord) -> Told | None:
    if "provenance" not in run:
        return None
    return {"count": run["provenance"]["host_count"]}, ("provenance.host_count",)


ANSWERS: dict[str, Callable[[RunRecord], Told | None]] = {
    "name": _name,
    "size": _size,
    "language": _language,
    "period": _period,
    "source_list": _sources,
    "licences": _licences,
    "crawler": _crawler,
    "domains": _domains,
    "reservations": _reservations,
    "illegal": _illegal,
    "personal": _personal,
    "filters": _filters,
    "duplicates": _duplicates,
    "benchmarks": _benchmarks,
    "licence": _of_about("license", "licence"),
    "contact": _of_about("contact", "contact"),
    "records": _records,
    "web": _web,
}
"""Questions that a run can answer, each with its function; the others are for people."""


def draft(run: RunRecord, form: str) -> dict[str, Any]:
    """One form as data: its parts, questions and answers, each with its figures."""
    return {
        "form": form,
        "title": _both(f"form.{form}"),
        "note": _both("form.note"),
        "parts": [
            {
                "title": _both(f"part.{part}"),
                "entries": [_entry(run, name) for name in names],
            }
            for part, names in FORMS[form].items()
        ],
    }


def _entry(run: RunRecord, name: str) -> dict[str, Any]:
    answer = ANSWERS.get(name)
    told = answer(run) if answer else None
    entry: dict[str, Any] = {"name": name, "question": _both(f"ask.{name}")}
    if told is None:
        return {**entry, "answer": None, "figures": {}}
    values, places = told
    code = f"told.{name}{values.pop(KIND, '')}"
    figures = {place: figure_at(run, place) for place in places}
    return {**entry, "answer": _both(code, **values), "figures": figures}


def _both(code: str, **values: Any) -> dict[str, str]:
    message = MESSAGES[code]
    return {"en": numbered(message.en, values), "ja": message.ja.format(**values)}


def figure_at(run: Mapping[str, Any], place: str) -> Any:
    """What stands in `run.json` at a place such as `counts.kept`; None where nothing does."""
    found: Any = run
    for key in place.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def page(content: Mapping[str, Any], language: str) -> str:
    """A draft as Markdown in one language."""
    note = MESSAGES["form.open"]
    open_ = note.ja if language == "ja" else note.en
    lines = [f"# {content['title'][language]}", "", content["note"][language], ""]
    for part in content["parts"]:
        lines += [f"## {part['title'][language]}", ""]
        for entry in part["entries"]:
            answer = entry["answer"][language] if entry["answer"] else open_
            lines += [f"**{entry['question'][language]}**", "", _plain(answer), ""]
            if entry["figures"]:
                places = ", ".join(f"`{place}`" for place in entry["figures"])
                lines += [f"<sub>run.json: {places}</sub>", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Text of a recipe or a crawl as one line that can hold no HTML."""
    line = " ".join(text.split())
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write_drafts(run: RunRecord, folder: Path) -> dict[str, Any]:
    """Write all drafts into `folder`; gives them by form."""
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {form: draft(run, form) for form in FORMS}
    for form, content in drafts.items():
        text = json.dumps(content, ensure_ascii=False, indent=1)
        shard.write_bytes(folder / f"{form}.json", f"{text}\n".encode())
        shard.write_bytes(folder / f"{form}.md", page(content, "en").encode())
        shard.write_bytes(folder / f"{form}.ja.md", page(content, "ja").encode())
    return drafts


def open_questions(content: Mapping[str, Any]) -> int:
    """How many questions of a draft are left to people."""
    return sum(not entry["answer"] for part in content["parts"] for entry in part["entries"])


def draft_faults(run: RunRecord, folder: Path) -> list[str]:
    """Figures of the drafts in a folder that are not those of the run, as `FORM: PLACE`."""
    faults = []
    for form in FORMS:
        path = folder / f"{form}.json"
        if not path.is_file():
            continue
        try:
            content = json.loads(path.read_bytes())
            faults += [
                f"{form}: {place}"
                for part in content["parts"]
                for entry in part["entries"]
                for place, value in entry["figures"].items()
                if figure_at(run, place) != value
            ]
        except (ValueError, KeyError, TypeError, AttributeError):
            faults.append(f"{form}.json")
    return faults
