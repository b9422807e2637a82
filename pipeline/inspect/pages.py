"""The pages of a release: card, Croissant and digests, held against `run.json`."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from seimai.pipeline.stages.publish import PAGES, SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.run_record import RunRecord


def other_sums(release: Path, run: RunRecord) -> list[str]:
    """Files of which SHA256SUMS says something else than they are, or nothing."""
    lines = (release / SUMS).read_text("utf-8").splitlines()
    told = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    found = {file["path"]: file["sha256"] for file in run["outputs"]}
    for page in (*PAGES, "run.json"):
        found[page] = hashlib.sha256((release / page).read_bytes()).hexdigest()
    return sorted(path for path in {*told, *found} if told.get(path) != found.get(path))


def card_faults(release: Path, run: RunRecord) -> list[tuple[str, str]]:
    """Pages that do not say what `run.json` says, each with what differs."""
    faults = []
    card = release / "README.md"
    head = card.read_text("utf-8").split("---\n", 2) if card.is_file() else []
    try:
        front = yaml.safe_load(head[1]) if len(head) == 3 else None
    except yaml.YAMLError:
        front = None
    if not isinstance(front, dict) or not front.get("configs"):
        faults.append(("README.md", "configs"))
    elif (told := _examples(front)) is not None and told != run["counts"]["kept"]:
        faults.append(("README.md", f"{told} ≠ {run['counts']['kept']}"))
    croissant = release / "croissant.json"
    try:
        content = json.dumps(json.loads(croissant.read_bytes()))
    except (OSError, ValueError) as error:
        faults.append(("croissant.json", type(error).__name__))
    else:
        faults += [
            ("croissant.json", file["path"])
            for file in run["outputs"]
            if file["path"].startswith("data/") and file["sha256"] not in content
        ][:1]
    return faults or list(_rendered(release, run))


def _rendered(release: Path, run: RunRecord) -> Iterator[tuple[str, str]]:
    """Pages that this version would write otherwise, of the same `run.json`."""
    from seimai.pipeline.card import write_card
    from seimai.pipeline.engine.workers.software import packages

    if run.get("versions", {}).get("seimai") != packages()["seimai"]:
        return
    with tempfile.TemporaryDirectory(prefix="seimai-") as folder:
        for file in run["outputs"]:
            path = Path(folder, file["path"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to((release / file["path"]).absolute())
        write_card(run, Path(folder))
        for page in ("README.md", "croissant.json"):
            if Path(folder, page).read_bytes() != (release / page).read_bytes():
                yield page, "run.json"


def _examples(front: Mapping[str, Any]) -> int | None:
    """Rows of the kept texts as the card tells them; None where it does not."""
    info = front.get("dataset_info") or []
    for one in info if isinstance(info, list) else [info]:
        if one.get("config_name", "default") == "default":
            return sum(int(split.get("num_examples", 0)) for split in one.get("splits", []))
    return None
