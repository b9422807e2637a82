"""
The metadata block of a card, by the conventions of the Hugging Face Hub.

A licence is passed on, never invented: where nobody stated one it is `unknown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seimai.pipeline.run_record import OutputFile, RunRecord

SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
    (10**9, "100M<n<1B"),
    (10**10, "1B<n<10B"),
    (10**11, "10B<n<100B"),
    (10**12, "100B<n<1T"),
)
"""The size buckets of the Hub, by the number of rows they end at."""

HUB_LICENCES = frozenset(
    (
        *("apache-2.0", "mit", "bsd", "bsd-2-clause", "bsd-3-clause", "cc", "cc0-1.0"),
        *("cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0"),
        *("cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0"),
        *("cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0"),
        *("cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0", "gfdl", "gpl-3.0"),
        *("lgpl-3.0", "agpl-3.0", "mpl-2.0", "odbl", "odc-by", "pddl", "etalab-2.0", "c-uda"),
        *("unlicense", "unknown", "other"),
    )
)
"""Licences that the Hub knows by name; any other is `other` with a `license_name`."""

CONFIGS = {"default": "data", "rejected": "rejected"}
"""The configurations of a release and the folder of each."""

SPLITS = ("train", "validation", "test")
"""The names that `datasets` and the Hub use for splits, in their order."""

_FEATURE_NAMES = {"float": "float32", "halffloat": "float16", "double": "float64"}
"""Where Arrow and `datasets` disagree about the name of a type."""


def front_matter(
    content: RunRecord, schemas: Mapping[str, pa.Schema], sizes: Mapping[str, int]
) -> dict[str, Any]:
    """
    The metadata block of the card, by the conventions of the Hub.

    `sizes` are the bytes of each file before compression, by its path.
    """
    return {
        "language": ["ja"],
        **licence_of(content),
        "pretty_name": title_of(content),
        "size_categories": [_bucket(content["counts"]["kept"])],
        "task_categories": ["text-generation"],
        "task_ids": ["language-modeling"],
        "annotations_creators": ["no-annotation"],
        "configs": [
            {
                "config_name": config,
                "data_files": [
                    {"split": split, "path": f"{folder_pattern(files)}/{split}-*"}
                    for split, files in splits_of(content, CONFIGS[config]).items()
                ],
            }
            for config in schemas
        ],
        "dataset_info": [
            _info(config, schema, splits_of(content, CONFIGS[config]), sizes)
            for config, schema in schemas.items()
        ],
    }


def _info(
    config: str,
    schema: pa.Schema,
    splits: Mapping[str, Sequence[OutputFile]],
    sizes: Mapping[str, int],
) -> dict[str, Any]:
    files = [file for found in splits.values() for file in found]
    return {
        "config_name": config,
        "features": [_feature(field) for field in schema],
        "splits": [
            {
                "name": split,
                "num_bytes": sum(sizes[file["path"]] for file in found),
                "num_examples": sum(file["rows"] for file in found),
            }
            for split, found in splits.items()
        ],
        "download_size": sum(file["bytes"] for file in files),
        "dataset_size": sum(sizes[file["path"]] for file in files),
    }


def _feature(field: pa.Field) -> dict[str, str]:
    if pa.types.is_list(field.type) or pa.types.is_large_list(field.type):
        # `sequence` is read by every version of `datasets`, `list` only by later ones.
        return {"name": field.name, "sequence": feature_type(field.type.value_type)}
    return {"name": field.name, "dtype": feature_type(field.type)}


def feature_type(kind: pa.DataType) -> str:
    """An Arrow type by the name that `datasets` has for it."""
    return _FEATURE_NAMES.get(str(kind), str(kind))


def _bucket(rows: int) -> str:
    return next((name for end, name in SIZES if rows < end), "n>1T")


def licence_of(content: RunRecord) -> dict[str, str]:
    """`license` as the Hub wants it, with name and link where it is not one of the Hub's own."""
    given = str(content["about"].get("license") or "unknown").strip()
    known = given.lower() in HUB_LICENCES
    found = {"license": given.lower() if known else "other"}
    if not known:
        found["license_name"] = given
    if found["license"] == "other" and content["about"].get("license_link"):
        found["license_link"] = content["about"]["license_link"]
    return found


def title_of(content: RunRecord) -> str:
    """What the data set is called: its title, else the name of the recipe."""
    return str(content["about"].get("title") or content["recipe"])


def files_of(content: RunRecord, place: str) -> list[OutputFile]:
    """The files of a release in one of its folders."""
    return [file for file in content["outputs"] if file["path"].startswith(f"{place}/")]


def splits_of(content: RunRecord, place: str) -> dict[str, list[OutputFile]]:
    """The files of a folder by the split that they are of, `train` first."""
    found: dict[str, list[OutputFile]] = {}
    for split in SPLITS:
        files = [one for one in files_of(content, place) if split == split_of(one["path"])]
        if files:
            found[split] = files
    return found


def split_of(path: str) -> str:
    """
    The split that a file of a release is of.

    >>> split_of("data/quality=q1/validation-00000-of-00001.parquet")
    'validation'
    """
    return path.rpartition("/")[2].partition("-")[0]


def folder_pattern(files: Sequence[OutputFile]) -> str:
    """
    Where files are, with a star for each folder that is made of a bucket.

    >>> folder_pattern([{"path": "data/quality=q1/train-0", "rows": 1, "bytes": 1, "sha256": ""}])
    'data/*'
    """
    first, *below = files[0]["path"].split("/")[:-1]
    return "/".join([first, *("*" for _ in below)])
