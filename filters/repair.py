"""
The cleaner of text that was once decoded wrongly: what can be proved becomes what it was.

How it is proved is the work of `pipeline.decode`, where the models of plausible text are. How much
was mended is the signal `clean.mended_share` of `mojibake.py`, which also finds the ruins left.
"""

from __future__ import annotations

from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.decode.mend import SIGNS, mend


@cleaner("mojibake", touches=SIGNS, mends=True)
def mojibake(text: str) -> str:
    """
    Ruins of a wrong decoding become the text they were, where nothing was lost.

    UTF-8 read as Shift_JIS, Latin-1, Windows-1252 or GB18030; EUC-JP and Shift_JIS read as one of
    the others; the same twice; ISO-2022-JP without its escape characters. Whole texts, lines and
    parts of lines. A ruin stays where characters of it are lost (U+FFFD), where a correct sentence
    quotes it, and in texts that speak of 文字化け. It comes before `control`, which takes out
    bytes that the repair needs.

    >>> mojibake("縺ｬ縺九ｒ謇九〒豢励＞縲∵ｰｴ縺ｫ縺､縺代ｋ")
    'ぬかを手で洗い、水につける'
    >>> mojibake("画面に「縺薙ｌ縺ｯ」と出た。")
    '画面に「縺薙ｌ縺ｯ」と出た。'
    """
    return mend(text)
