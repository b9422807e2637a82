"""
Card: `README.md` and `croissant.json` of a release, both rendered from `run.json`.

`metadata.py` is the YAML on top of the card, which the Hugging Face Hub and `datasets` read;
`sections.py` is for people who decide whether to use the data; `json_ld.py` is for machines.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import yaml

from seimai.pipeline import shard
from seimai.pipeline.card.json_ld import croissant
from seimai.pipeline.card.metadata import CONFIGS, files_of, front_matter, licence_of
from seimai.pipeline.card.sections import body

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from seimai.pipeline.run_record import RunRecord


def write_card(content: RunRecord, folder: Path) -> None:
    """Write `README.md` and `croissant.json` into `folder`, which holds the data files already."""
    schemas = schemas_of(content, folder)
    front = yaml.safe_dump(
        front_matter(content, schemas, _uncompressed(content, folder)),
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
    page = f"---\n{front}---\n\n{body(content, schemas)}"
    shard.write_bytes(folder / "README.md", page.encode())
    text = json.dumps(
        croissant(content, schemas, licence_of(content)), ensure_ascii=False, indent=2
    )
    shard.write_bytes(folder / "croissant.json", f"{text}\n".encode())


def schemas_of(content: RunRecord, folder: Path) -> dict[str, pa.Schema]:
    """The columns of each configuration that was written, read from its first file."""
    found = {}
    for config, place in CONFIGS.items():
        files = files_of(content, place)
        if files:
            found[config] = pq.read_schema(folder / files[0]["path"])
    return found


def _uncompressed(content: RunRecord, folder: Path) -> dict[str, int]:
    """Bytes of each file before compression, from its footer, by its path."""
    sizes = {}
    for place in CONFIGS.values():
        for file in files_of(content, place):
            footer = pq.read_metadata(folder / file["path"])
            groups = range(footer.num_row_groups)
            sizes[file["path"]] = sum(footer.row_group(k).total_byte_size for k in groups)
    return sizes
