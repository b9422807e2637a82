"""How a text reads as a whole: a learned score, one more witness beside those that count."""

from functools import cache
from pathlib import Path

from seimai.pipeline.learn.model import NgramModel, load
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts

DATA = Path(__file__).parent / "data" / "dirt_score.npz"


@cache
def _model() -> NgramModel:
    """The weights, read when they are first asked for."""
    return load(DATA)


def _contributions(text: str) -> list[tuple[str, float]]:
    return _model().contributions(text)


@signal("quality.dirt_score", between=(0, 1), explain=_contributions)
def dirt_score(texts: Texts) -> Numbers:
    """
    Probability that a page of a raw Japanese crawl is one of those that people throw away.

    A linear model over n-grams of characters and of shapes (漢を漢ぐ) from the beginning, the
    middle and the end of a text, trained on hand-labelled pages of two crawls, on clean texts of
    forty genres and on rubbish. It sees what counting cannot: keyword pages with stolen sentences,
    templates filled in, listings with perfect grammar. It knows no line breaks; masks such as
    <PHONE> say nothing. It ranks well (AUC 0.95 on pages it has not seen) and is no judge: good
    texts of a genre that it does not know rise above 0.5 where they are short, full of terms or
    in note form. Above 0.5 it needs a second witness; alone it should reject from 0.9 on.
    `seimai explain` shows the n-grams that made it; data/dirt_score.md has the training data, the
    figures and the limits. nan where there is no character to look at.
    """
    return _model().score(texts)
