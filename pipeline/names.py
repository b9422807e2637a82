"""Near names: what somebody probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

ALIKE = 0.6
"""difflib's own measure of "close": half a word right is enough to ask, not to assume."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """
    The known name most like `name`, or None where nothing is near.

    >>> nearest("ja.hiragana_rate", ["ja.hiragana_share", "ja.kanji_share"])
    'ja.hiragana_share'
    """
    return next(iter(difflib.get_close_matches(name, sorted(known), 1, ALIKE)), None)
