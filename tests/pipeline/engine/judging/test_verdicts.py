"""Duplicates and word limits together, from files to verdicts."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.engine.judging import verdict_shards, verdicts
from seimai.pipeline.engine.shards import shard_tasks
from seimai.pipeline.errors import Problem
from tests.conftest import ids, prose, recipe_of, released

# The same story told at three lengths: similar enough for one group, and the longest is best.
STORY = prose(7, 12)
FAMILY = [
    {"id": "long", "text": STORY + "終わり、という話だった。"},
    {"id": "middle", "text": STORY + "終わり。"},
    {"id": "short", "text": STORY},
]


def _rejected(out):
    return {row["id"]: row for row in released(out, "rejected")}


@pytest.fixture
def family(tmp_path, write_lines):
    """A group of three, and two texts that resemble nothing."""
    others = [{"id": f"other{k}", "text": prose(50 + k)} for k in range(2)]
    return write_lines(tmp_path / "in.jsonl", [*FAMILY, *others])


def _words_of(out):
    table = pq.read_table(out / "stages/words/00000-000.parquet")
    return dict(
        zip(
            ["long", "middle", "short", "other0", "other1"],
            table["test.word_count"].to_pylist(),
            strict=True,
        )
    )


def test_the_best_text_of_a_group_stays(family, tmp_path, own_signals, curate):
    """Where it keeps to all limits, the longest stays and only it is tokenized."""
    out = tmp_path / "out"
    recipe = recipe_of(family, limits={"test.word_count": {"min": 1}}, dedup={})
    curate(recipe, out, filters=[own_signals])
    rejected = _rejected(out)

    assert ["long", "other0", "other1"] == ids(out)
    assert {"middle", "short"} == set(rejected)
    assert {"long"} == {row["duplicate_of"] for row in rejected.values()}
    assert all(["dedup"] == row["reasons"] for row in rejected.values())
    assert 3 == released(out)[0]["dedup_group_size"]
    words = _words_of(out)
    assert np.isnan(words["middle"]), "nobody asked"


def test_the_next_one_stays_where_the_best_fails(family, tmp_path, own_signals, curate):
    """A keeper that fails a word limit makes room for the next text of its group."""
    out = tmp_path / "out"
    everything = recipe_of(family, limits={"test.word_count": {"min": 1}})
    curate(everything, out, filters=[own_signals])
    words = _words_of(out)

    assert words["long"] > words["middle"] > words["short"]

    for most, keeper in ((words["middle"], "middle"), (words["short"], "short")):
        recipe = recipe_of(family, limits={"test.word_count": {"max": most}}, dedup={})
        curate(recipe, tmp_path / keeper, filters=[own_signals])
        rejected = _rejected(tmp_path / keeper)

        assert keeper in ids(tmp_path / keeper)
        assert ["test.word_count", "dedup"] == rejected["long"]["reasons"]
        assert keeper == rejected["long"]["duplicate_of"]
        assert words["long"] == rejected["long"]["values"][0]


def test_nobody_stays_where_all_fail(family, tmp_path, own_signals, curate):
    """A group without a good text keeps none, and none is called a duplicate."""
    out = tmp_path / "out"
    recipe = recipe_of(family, limits={"test.word_count": {"max": 2}}, dedup={})
    curate(recipe, out, filters=[own_signals])

    assert [] == ids(out)
    assert {("test.word_count",)} == {tuple(row["reasons"]) for row in _rejected(out).values()}


def test_character_limits_come_before_groups(family, tmp_path, curate):
    """A text that fails a limit does not stay, whatever its rank."""
    out = tmp_path / "out"
    limit = {"text.length_count": {"max": len(STORY) + 5}}
    curate(recipe_of(family, limits=limit, dedup={}), out)
    rejected = _rejected(out)

    assert "middle" in ids(out)
    assert ["text.length_count", "dedup"] == rejected["long"]["reasons"]
    assert ["dedup"] == rejected["short"]["reasons"]


def test_members_not_similar_to_the_keeper_stay(tmp_path, write_lines, curate):
    """A chain of similar texts is one group, but its far end is not a duplicate of the keeper."""
    parts = [prose(k, 4) for k in range(9)]
    # Each link shares most of its text with the next one; the ends share little.
    chain = ["\n".join(parts[k : k + 6]) for k in range(4)]
    path = write_lines(
        tmp_path / "in.jsonl",
        [{"id": f"link{k}", "text": text + "。" * (4 - k)} for k, text in enumerate(chain)],
    )
    settings = {"similarity": 0.6, "rows": 2, "bands": 40}
    curate(recipe_of(path, dedup=settings), tmp_path / "out")
    rejected = _rejected(tmp_path / "out")

    assert 2 <= len(ids(tmp_path / "out")) < 4
    assert all(row["similarity"] >= 0.6 for row in rejected.values())


@pytest.mark.parametrize(
    ("keep", "first"),
    [("longest", "long"), ("earliest", "middle"), ("newest", "short")],
)
def test_what_to_keep_is_the_recipes_choice(tmp_path, write_lines, curate, keep, first):
    """`keep` decides by length or date which text of a group stays."""
    dates = {"long": None, "middle": "2020-01-01", "short": "2024-06-30"}
    path = write_lines(
        tmp_path / "in.jsonl", [{**text, "date": dates[text["id"]]} for text in FAMILY]
    )
    curate(recipe_of(path, dedup={"keep": keep}), tmp_path / "out")

    assert [first] == ids(tmp_path / "out")


def test_the_best_by_a_word_signal_stays(family, tmp_path, own_signals, curate):
    """`best SIGNAL` on words looks at all texts of the group, with the screen or without."""
    recipe = recipe_of(
        family, limits={"text.length_count": {"min": 10}}, dedup={"keep": "best test.word_count"}
    )
    for screen in (True, False):
        out = tmp_path / str(screen)
        curate(recipe, out, filters=[own_signals], screen=screen)

        assert ["long", "other0", "other1"] == ids(out)


def test_sources_come_in_the_order_of_the_recipe(tmp_path, write_lines, curate):
    """Of equal texts the one of the first source stays."""
    from seimai.pipeline.recipe import Recipe

    for name in ("web", "books"):
        write_lines(tmp_path / f"{name}.jsonl", [{"id": name, "text": STORY}])
    for order in (["web", "books"], ["books", "web"]):
        sources = [{"name": name, "files": [str(tmp_path / f"{name}.jsonl")]} for name in order]
        recipe = Recipe.model_validate({"recipe": "test", "source": sources, "dedup": {}})
        curate(recipe, tmp_path / order[0])

        assert [order[0]] == ids(tmp_path / order[0])


def test_many_copies_of_a_bad_text_end(tmp_path, write_lines, own_signals, curate, monkeypatch):
    """Hundreds of copies that fail on words are settled in a few rounds."""
    monkeypatch.setattr(verdicts, "MOST_ROUNDS", 15)
    path = write_lines(
        tmp_path / "in.jsonl", [{"id": f"{k:04d}", "text": STORY} for k in range(900)]
    )
    recipe = recipe_of(path, limits={"test.word_count": {"max": 2}}, dedup={})
    result = curate(recipe, tmp_path / "out", filters=[own_signals])

    assert 900 == result["counts"]["rejected"]


def test_a_verdict_that_never_settles_is_a_problem(
    family, tmp_path, own_signals, monkeypatch, curate
):
    """Where tokenizing brings nothing, the run ends with a problem."""
    monkeypatch.setattr(verdicts, "MOST_ROUNDS", 3)
    monkeypatch.setattr(shard_tasks, "tokenize_shard", lambda *_given, **_options: None)
    with pytest.raises(Problem) as caught:
        curate(
            recipe_of(family, limits={"test.word_count": {"min": 1}}),
            tmp_path / "out",
            filters=[own_signals],
        )

    assert "S020" == caught.value.code


@pytest.mark.parametrize("room", [0, 10_000_000])
def test_limits_held_once_or_twice_say_the_same(tmp_path, write_lines, curate, monkeypatch, room):
    """What holding the limits gave may be kept until verdicts are written, or found again."""
    held = []
    hold = verdict_shards.hold

    def counted(limits, numbers):
        held.append(limits.reasons)
        return hold(limits, numbers)

    monkeypatch.setattr(verdicts, "MOST_HELD", room)
    monkeypatch.setattr(verdict_shards, "hold", counted)
    rows = [{"id": str(k), "text": prose(k, 1 + k)} for k in range(6)]
    lines = write_lines(tmp_path / "in.jsonl", rows)
    curate(recipe_of(lines, limits={"text.length_count": {"min": 100}}), tmp_path / "out")
    verdict = pq.read_table(tmp_path / "out/stages/verdict/00000-000.parquet")

    assert (0 if room else 1) == len(held)
    reasons = [[] if len(row["text"]) >= 100 else ["text.length_count"] for row in rows]
    assert reasons == verdict["reasons"].to_pylist()
    assert [float(len(row["text"])) for row in rows if len(row["text"]) < 100] == [
        value for values in verdict["values"].to_pylist() for value in values
    ]
