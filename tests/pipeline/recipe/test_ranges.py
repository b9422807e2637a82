"""Bounds beyond a signal's range, names that say too little, keys that do not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.recipe import load_recipe, parse_recipe, shipped, shipped_names
from seimai.pipeline.signal import load

SIGNALS = load()


def problems(text: str) -> list[Problem]:
    """The problems of a recipe, with our own signals."""
    with pytest.raises(Problems) as caught:
        parse_recipe(f"recipe: x\n{text}", signals=SIGNALS)
    return caught.value.problems


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("web.url_share: {max: 1.5}", "R044"),
        ("web.url_share: {min: -0.1}", "R044"),
        ("web.url_share: {max: -0.1}", "R024"),
        ("web.url_share: {min: 1.1}", "R024"),
        ("ja.particle_count: {max: 9}", "R044"),
        ("line.length_mean: {min: 0}", "R044"),
        ("text.length_count: {min: 0, empty: keep}", "R045"),
        ("web.url_share: {min: 0, max: 1, empty: keep}", "R045"),
    ],
)
def test_a_limit_that_cannot_bite_is_a_mistake(limit: str, code: str) -> None:
    """What lies outside of the range passes all texts or none; the sentence names the range."""
    [problem] = problems(f"limits: {{{limit}}}\n")
    low, high = SIGNALS[limit.partition(":")[0]].between

    assert code == problem.code
    assert f"{low:g}" == problem.values["low"]
    assert f"{high:g}".replace("inf", "∞") == problem.values["high"]


@pytest.mark.parametrize(
    "limit",
    [
        "web.url_share: {max: 1}",
        "web.url_share: {min: 0, max: 0.5, empty: keep}",
        "text.entropy_score: {max: 12}",
        "text.length_count: {min: 0, max: 1_000_000_000, empty: keep}",
    ],
)
def test_a_limit_at_the_end_of_a_range_may_be_meant(limit: str) -> None:
    """`{max: 1}` still rejects what cannot be measured, and one real bound is enough."""
    parse_recipe(f"recipe: x\nlimits: {{{limit}}}\n", signals=SIGNALS)


def test_the_parts_of_combined_limits_are_looked_at() -> None:
    """A part that cannot fail is a mistake; under `where` the same bound asks for a number."""
    text = "together:\n  - name: a\n    {}: {{web.url_share: {{max: 1}}}}\n    {}: {}\n"
    real = "{web.tag_share: {max: 0.5}}"

    assert ["R045"] == [one.code for one in problems(text.format("limits", "where", real))]
    parse_recipe("recipe: x\n" + text.format("where", "limits", real), signals=SIGNALS)


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_recipes_stay_within_the_ranges(name: str) -> None:
    """No limit of a shipped recipe lies outside the range of its signal."""
    load_recipe((shipped() or Path()) / f"{name}.yaml", signals=SIGNALS)


def test_an_unknown_key_brings_the_list_of_known_ones() -> None:
    """`minimum` is told apart from min, max and empty, and the nearest is named."""
    [problem] = problems("limits: {web.url_share: {minimum: 0.1}}\n")

    assert ("R002", "min") == (problem.code, problem.values["near"])
    assert "min, max, empty" in problem.hint


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("limits: {web.url_share: 0.3}\n", "{min: 0.06}"),
        ("dedup:\n", "{similarity: 0.8}"),
        ("expect: 3\n", "{kept_share: {min: 0.2, max: 0.6}}"),
        ("expect: {any_reason_share: 0.4}\n", "{max: 0.4}"),
        ("source: [a]\n", "{name: crawl, files: [crawl/*.jsonl.zst]}"),
    ],
)
def test_a_mapping_is_shown_where_one_is_wanted(text: str, like: str) -> None:
    """The sentence shows what could stand there, and that is right itself."""
    [problem] = problems(text)

    assert "R015" == problem.code
    assert like in problem.message


def test_an_unknown_signal_leads_to_the_known_ones() -> None:
    """The hint lists the family where there is one, else all signals, and names the families."""
    of_ja = sum(name.startswith("ja.") for name in SIGNALS)
    [near] = problems("limits: {ja.hiragana_rate: {min: 0.1}}\n")
    [far] = problems("limits: {acme.ruby_share: {min: 0.1}}\n")

    assert f"`seimai signals ja` lists {of_ja} of them" in near.hint
    assert f"`seimai signals` lists {len(SIGNALS)} of them" in far.hint
    assert "ja, line, pii" in far.hint


def test_a_list_is_shown_where_one_is_wanted() -> None:
    """Sources are mappings in a list, cleaners are names in one."""
    assert "[{name: crawl, files: [crawl/*.jsonl.zst]}]" in problems("source: 3\n")[0].message
    assert "[{name: few, limits:" in problems("together: {a: b}\n")[0].message
    assert "[a, b]" in problems("clean: width\n")[0].message


@pytest.mark.parametrize(
    "name", ["ruby", "ja.ruby", "ruby_share", "ja.ruby_ratio", "Ja.Ruby_share"]
)
def test_a_signal_needs_a_family_and_a_unit(tmp_path: Path, name: str) -> None:
    """A name that says neither is refused with the line of the user's file."""
    path = tmp_path / "mine.py"
    path.write_text(
        "from seimai.pipeline.signal import signal\n\n\n"
        f'@signal("{name}", between=(0, 1))\n'
        "def ruby(texts):\n"
        '    """Ruby."""\n'
        "    return texts.length\n",
        "utf-8",
    )

    for _ in range(2):  # and not only the first time
        with pytest.raises(Problem) as caught:
            load([str(path)])

        assert ("S050", name) == (caught.value.code, caught.value.values["name"])
        assert f"{path}:4:1" == str(caught.value.where)
        assert "score" in caught.value.hint


def test_a_filters_file_that_is_not_there_is_called_so(tmp_path: Path) -> None:
    """It is no source that matches nothing; a near name is told."""
    (tmp_path / "ruby.py").write_text("", "utf-8")
    with pytest.raises(Problem) as caught:
        load([str(tmp_path / "rubi.py")])

    assert ("U091", str(tmp_path / "ruby.py")) == (caught.value.code, caught.value.values["near"])
