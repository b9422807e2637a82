"""
What signals and cleaners are, in the language of the reader.

The English description is the docstring. The Japanese one stands beside the module that it is
about, in a file of the same name that ends in `.ja.yaml` instead of `.py`: a name, then
its text, one sentence a line, the first paragraph alone. Plugins do the same. What has none is
described in English: an explanation in another language is better than none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol

import yaml

from seimai.pipeline.messages import language as spoken

ENDING = ".ja.yaml"
"""What stands in the place of `.py` in the name of a file with Japanese descriptions."""


class Described(Protocol):
    """What signals and cleaners have in common here: a name and a docstring."""

    @property
    def name(self) -> str:
        """What recipes call it."""

    @property
    def doc(self) -> str:
        """The docstring of its function."""

    @property
    def file(self) -> Path:
        """The module that its function stands in."""


def description(one: Described, language: str | None = None) -> str:
    """
    What a signal or a cleaner is, in `en` or `ja`; without a language in that of the process.

    Paragraphs have an empty line between them. The lines of an English one are those of the
    docstring; a Japanese one is a single line, for its reader's width to break.
    """
    written = japanese(one) if (language or spoken()) == "ja" else None
    return written or one.doc.partition(">>>")[0].rstrip()


def first_sentence(one: Described, language: str | None = None) -> str:
    """The first paragraph of the description, as one line: what lists and reports show."""
    return description(one, language).partition("\n\n")[0].replace("\n", " ")


def japanese(one: Described) -> str | None:
    """
    The Japanese description; None where nobody has written one.

    What users name themselves (a learned score) is found by the first line of its docstring.
    """
    texts = _texts(one.file.with_suffix(ENDING))
    return texts.get(one.name) or texts.get(one.doc.partition("\n")[0])


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C reads the same in a tenth of the time, where PyYAML was built with it."""


@cache
def _texts(path: Path) -> dict[str, str]:
    """The descriptions in a file by name; none where there is no such file, or it is not YAML."""
    try:
        read = yaml.load(path.read_text("utf-8"), _LOADER)  # noqa: S506 - both are safe loaders
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    texts = read.items() if isinstance(read, dict) else ()
    return {str(name): _joined(text) for name, text in texts if isinstance(text, str)}


def _joined(text: str) -> str:
    r"""
    Each paragraph on one line: Japanese has no space between sentences.

    >>> _joined("数。\n\n空白は除く。\n改行も。\n")
    '数。\n\n空白は除く。改行も。'
    """
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join("".join(map(str.strip, one.split("\n"))) for one in paragraphs)
