"""The options that every command takes: how it talks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter


@Parameter(name="*")
@dataclass(frozen=True)
class Manner:
    """How a command talks; every command takes these options."""

    format: Annotated[Literal["text", "json", "github"], Parameter(help="help.format")] = "text"
    lang: Annotated[Literal["en", "ja"] | None, Parameter(help="help.lang")] = None
    quiet: Annotated[bool, Parameter(help="help.quiet", negative="")] = False
    debug: Annotated[bool, Parameter(help="help.debug", negative="")] = False

    @property
    def json(self) -> bool:
        """Whether the answer is JSON, for another program."""
        return self.format == "json"

    @property
    def github(self) -> bool:
        """Whether GitHub shows the answer beside a pull request."""
        return self.format == "github"


PLAIN = Manner()
