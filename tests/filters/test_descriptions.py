"""Every signal and cleaner is explained in Japanese as well, and the two languages agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from seimai.pipeline.across import signals_of
from seimai.pipeline.cleaner import Cleaner, known_cleaners
from seimai.pipeline.descriptions import ENDING, description, first_sentence, japanese
from seimai.pipeline.recipe.across import Across
from seimai.pipeline.signal import Signal, load

ROOT = Path(__file__).parents[2]
OURS: dict[str, Signal | Cleaner] = {
    name: one
    for name, one in [*load().items(), *known_cleaners().items(), *signals_of(Across()).items()]
    if (one.file.parent / "py.typed").is_file() or "filters" in one.file.parts
}
NUMBER = re.compile(r"(?<![A-Za-z_\d.&#;])\d+(?:,\d{3})*(?:\.\d+)?")
ENGLISH = (
    "no 0, none 0, never 0, exactly 0, half 0.5, one 1, two 2, three 3, third 3, four 4, five 5, "
    "six 6, seven 7, eight 8, nine 9, ten 10, twelve 12, thirteen 13, fourteen 14, sixteen 16, "
    "twenty 20, thirty 30, forty 40, sixty 60, hundred 100"
)
WORDS = dict(pair.split() for pair in ENGLISH.split(", "))


def test_all_of_ours_are_looked_at() -> None:
    """The signals and the cleaners that are shipped are among those tested here."""
    assert {"ja.hiragana_share", "word.broken_share", "pii.email_count", "width"} <= set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_it_is_explained_in_japanese(name: str) -> None:
    """
    `ruby.ja.yaml` beside `ruby.py` has a Japanese text for it, which is no copy of the English.

    A first paragraph of one line says what it is; what follows says what it is good for.
    """
    one = OURS[name]
    written = japanese(one)

    assert written is not None, f"{one.file.with_suffix(ENDING).name} lacks {name}"
    assert len(re.findall(r"[ぁ-んァ-ヶ一-龠]", written)) >= 20
    assert written != one.doc
    assert first_sentence(one, "ja").endswith("。")
    assert first_sentence(one, "ja") != written
    assert not re.search(r"[ぁ-ん一-龠] [ぁ-ん一-龠]", written)  # joined without blanks


@pytest.mark.parametrize("name", OURS)
def test_its_figures_are_those_of_the_docstring(name: str) -> None:
    """No number stands in the Japanese description that the English one has not."""
    english = OURS[name].doc
    known = set(NUMBER.findall(english)) | {
        WORDS[word] for word in re.findall("[a-z]+", english.lower()) if word in WORDS
    }
    if "two hundred" in english:
        known.add("200")

    assert set() == set(NUMBER.findall(description(OURS[name], "ja"))) - known


@pytest.mark.parametrize(
    "path",
    [
        path
        for top in ("filters", "pipeline")
        for path in sorted((ROOT / top).rglob(f"*{ENDING}"))
        if path.parent.name != "messages"  # comments of recipes, which are no signals
    ],
    ids=lambda path: path.name,
)
def test_no_description_is_left_behind(path: Path) -> None:
    """Each name in a file of descriptions is a signal or a cleaner of the module beside it."""
    module = path.with_name(path.name.removesuffix(ENDING) + ".py")
    names = set(yaml.safe_load(path.read_text("utf-8")))
    source = module.read_text("utf-8")

    assert set() == {
        name
        for name in names
        if not (name in OURS and OURS[name].file.name == module.name) and f'"""{name}' not in source
    }


def test_a_plugin_explains_itself_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beside one's own filters is enough; without it the docstring is shown."""
    module = tmp_path / "ruby.py"
    module.write_text(
        '"""Ruby."""\n'
        "from seimai.pipeline.signal import signal\n\n"
        '@signal("testja.ruby_share", between=(0, 1))\n'
        "def ruby_share(texts):\n"
        '    """Share of ruby."""\n'
        "    return texts.length\n\n"
        '@signal("testja.rubies_count", between=(0, 1))\n'
        "def rubies_count(texts):\n"
        '    """Number of rubies."""\n'
        "    return texts.length\n",
        "utf-8",
    )
    module.with_suffix(".ja.yaml").write_text(
        "testja.ruby_share: |-\n  ルビの割合。\n\n  児童書に多い。\n  雑誌は少ない。\n", "utf-8"
    )

    monkeypatch.setattr("seimai.pipeline.signal._registry", dict(load()))
    known = load([str(module)])

    assert "ルビの割合。" == first_sentence(known["testja.ruby_share"], "ja")
    assert description(known["testja.ruby_share"], "ja").endswith("児童書に多い。雑誌は少ない。")
    assert "Share of ruby." == description(known["testja.ruby_share"], "en")
    assert "Number of rubies." == description(known["testja.rubies_count"], "ja")
