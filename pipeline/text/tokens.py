"""
`Tokens`: the words of a batch of texts as MeCab cuts them, in arrays.

`stages/tokenize.py` makes them; signals registered with `needs="tokens"` find them as
`texts.tokens`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.text.pieces import divide, owners, sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Doubles as Floats
    from seimai.pipeline.arrays import Integers

PARTS_OF_SPEECH = (
    "",
    "代名詞",
    "副詞",
    "助動詞",
    "助詞-係助詞",
    "助詞-副助詞",
    "助詞-接続助詞",
    "助詞-格助詞",
    "助詞-準体助詞",
    "助詞-終助詞",
    "動詞-一般",
    "動詞-非自立可能",
    "名詞-助動詞語幹",
    "名詞-固有名詞",
    "名詞-数詞",
    "名詞-普通名詞",
    "形容詞-一般",
    "形容詞-非自立可能",
    "形状詞-タリ",
    "形状詞-一般",
    "形状詞-助動詞語幹",
    "感動詞-フィラー",
    "感動詞-一般",
    "接尾辞-動詞的",
    "接尾辞-名詞的",
    "接尾辞-形容詞的",
    "接尾辞-形状詞的",
    "接続詞",
    "接頭辞",
    "空白",
    "補助記号-一般",
    "補助記号-句点",
    "補助記号-括弧閉",
    "補助記号-括弧開",
    "補助記号-読点",
    "補助記号-ＡＡ",
    "記号-一般",
    "記号-文字",
    "連体詞",
)
"""UniDic's parts of speech, two levels deep; the place in this list is what `Tokens.pos` holds."""


@dataclass(frozen=True)
class Tokens:
    """
    The morphemes of a batch: MeCab's short units of UniDic.

    Tokens `first[i] : first[i + 1]` belong to text `i`; all other arrays have one entry a token.
    """

    pos: NDArray[np.uint8]
    """For each token the index of its part of speech in `PARTS_OF_SPEECH`."""
    unknown: NDArray[np.bool_]
    """For each token whether the dictionary lacks it."""
    surface: NDArray[np.uint64]
    """A 64-bit hash of the token's characters: equal words have equal hashes."""
    length: NDArray[np.int64]
    """For each token its number of characters."""
    gap: NDArray[np.bool_]
    """White space, a line break or a part not parsed stands before the token."""
    first: Integers

    def are(self, *parts: str) -> NDArray[np.bool_]:
        """
        Which tokens are one of these parts of speech; "助詞" includes all its kinds.

        An unknown name is a ValueError: a slip here would silently measure nothing.
        """
        table = np.zeros(256, np.bool_)
        for part in parts:
            hits = [
                k for k, name in enumerate(PARTS_OF_SPEECH) if f"{name}-".startswith(f"{part}-")
            ]
            if not hits:
                raise ValueError(f"UniDic has no part of speech {part!r}")
            table[hits] = True
        chosen: NDArray[np.bool_] = table[self.pos]
        return chosen

    @cached_property
    def count(self) -> Integers:
        """Number of tokens of each text."""
        return np.diff(self.first)

    @cached_property
    def owner(self) -> Integers:
        """For each token, which text it belongs to."""
        return owners(self.count)

    def total(self, per_token: NDArray[Any]) -> Floats:
        """For each text the sum of a number over its tokens."""
        return sums(per_token, self.first)

    def share(self, per_token: NDArray[Any]) -> Floats:
        """Mean over the tokens of each text; nan where there are none."""
        return divide(self.total(per_token), self.count)
