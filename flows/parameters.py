"""What the forms of Prefect ask for: types that refuse a wrong value before anything starts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=1)]

Several = Annotated[int, Field(ge=0, le=9)]

Share = Annotated[float, Field(ge=0, le=1)]

Seconds = Annotated[float, Field(gt=0)]

Hours = Annotated[float, Field(gt=0, le=24 * 31)]

Folder = Annotated[str, Field(min_length=1, pattern=r"^([^:]|:[^/])*:?$")]
"""A folder of the machine: flows publish to an address by the flow `release`."""

Samples = Annotated[int, Field(ge=0, le=20)]


class _Place(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FolderPlace(_Place):
    """A folder that the worker can write to; the release is its `release`."""

    kind: Literal["folder"] = "folder"
    path: Annotated[str, Field(min_length=1, description="The folder, made where there is none.")]


class StoragePlace(_Place):
    """Object storage, by an address that fsspec knows; credentials come from the environment."""

    kind: Literal["storage"] = "storage"
    url: Annotated[
        str,
        Field(
            # A user or a password has no place in an address that is stored and shown.
            pattern=r"^[a-z][a-z0-9+.-]*://[^@]+$",
            description="Such as s3://bucket/japanese-web.",
        ),
    ]


class HubPlace(_Place):
    """A data set on the Hugging Face Hub; the token comes from the environment (HF_TOKEN)."""

    kind: Literal["hub"] = "hub"
    repo: Annotated[
        str, Field(pattern=r"^[\w.-]+/[\w.-]+$", description="OWNER/NAME of the data set.")
    ]
    private: Annotated[bool, Field(description="Where the data set has to be made first.")] = True


Place = FolderPlace | StoragePlace | HubPlace
