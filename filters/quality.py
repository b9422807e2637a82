"""How a text reads as a whole: learned scores, two more witnesses beside those that count."""

from functools import cache
from pathlib import Path

from seimai.pipeline.learn import pages
from seimai.pipeline.learn.model import NgramModel, load, read_bytes
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.signal import load as load_signals
from seimai.pipeline.text import Texts

DATA = Path(__file__).parent / "data" / "dirt_score.npz"
PAGES = Path(__file__).parent / "data" / "page_score.npz"


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


@cache
def page_model() -> pages.PageModel:
    """The weights and landmarks, read when they are first asked for."""
    return pages.read(read_bytes(PAGES), PAGES)


def _page_contributions(text: str) -> list[tuple[str, float]]:
    return page_model().contributions(text, load_signals())


@signal(
    "quality.page_score", between=(0, 1), needs="tokens", version=3, explain=_page_contributions
)
def page_score(texts: Texts) -> Numbers:
    """
    Probability that people would throw a page away, from its n-grams and from its other numbers.

    `quality.dirt_score` sees strings of characters; this also sees some forty of our signals side
    by side, by how near they are to those of pages that were sorted by hand: dating words among
    full sentences are a report, among bare nouns an advert. It catches spun and stitched text of
    shops, dating sites and downloads that reads well by the letter. On pages of groups that it has
    not seen AUC 0.96, where `quality.dirt_score` has 0.93; good texts of a genre that it does not
    know rise above 0.7 in one of a hundred. A witness, no judge: data/page_score.md has the
    figures. nan where there is no character to look at.
    """
    return page_model().score(texts, load_signals())
