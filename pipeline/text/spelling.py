"""Old spelling: laws and records from before 1946, whose particles and endings are katakana."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.text.pieces import divide

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.text.texts import Texts

OLD_SPELLING_WO = 0.005
"""From this share of ヲ among kana and kanji on, a text writes its particles in katakana."""


def spelled_the_old_way(texts: Texts) -> NDArray[np.bool_]:
    """Texts with more katakana than hiragana in which ヲ, which no modern word has, is common."""
    katakana, hiragana = texts.kinds("katakana"), texts.kinds("hiragana")
    share = divide(texts.between("ヲ", "ヲ"), katakana + hiragana + texts.kinds("kanji"))
    return (katakana > hiragana) & (np.nan_to_num(share) >= OLD_SPELLING_WO)
