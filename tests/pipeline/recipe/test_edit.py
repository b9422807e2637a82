"""Other bounds in the text of a recipe: the rest stays, and what is written is what loads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.recipe import PartLimit, Together, parse_recipe
from seimai.pipeline.recipe.edit import with_bounds, with_together, written_number

RECIPE = """\
recipe: x   # a name
limits:
  # --- first ---
  a.b: {min: 0.1, max: 1_000}   # why
  c.d:
    max: 0.5
    empty: keep   # poems
  e.f: {max: 3}

dedup: {n: 5}
"""


def test_numbers_are_replaced_where_they_stand():
    """A bound is another number in the same line, and comments stay."""
    found = with_bounds(RECIPE, {"a.b": {"min": 0.25, "max": 2000}, "c.d": {"max": 0.75}})

    assert found == (
        RECIPE.replace("min: 0.1, max: 1_000}   #", "min: 0.25, max: 2_000}  #").replace(
            "max: 0.5", "max: 0.75"
        )
    )


def test_comments_stay_below_each_other():
    """A shorter or longer number does not move the comment behind it, where there is room."""
    text = "limits:\n  a.b: {min: 0.10}     # one\n  c.d: {min: 0.12345}  # two\n"

    assert with_bounds(text, {"a.b": {"min": 0.98765}, "c.d": {"min": 0.1}}) == (
        "limits:\n  a.b: {min: 0.98765}  # one\n  c.d: {min: 0.1}      # two\n"
    )


def test_a_bound_that_was_not_there_is_added():
    """The other bound goes into the limit that is there, in either way of writing it."""
    recipe = parse_recipe(with_bounds(RECIPE, {"c.d": {"min": 0.25}, "e.f": {"min": 1}}))

    assert (0.25, 0.5, "keep") == tuple(vars(recipe.limits["c.d"]).values())
    assert (1, 3) == (recipe.limits["e.f"].min, recipe.limits["e.f"].max)


@pytest.mark.parametrize(
    "text",
    [
        RECIPE,
        RECIPE.rstrip("\n"),
        "recipe: x\n",
        "recipe: x\nlimits:\n",
        "recipe: x\nlimits: {}\ndedup: {n: 5}\n",
        "recipe: x\nlimits: {a.b: {min: 1}}\ndedup: {n: 5}",
        "recipe: x\nlimits:\n  c.d:\n    max: 0.5\n# the end\n",
        "recipe: x\nlimits:\n  c.d:\n    max: 0.5\n\n\ndedup: {n: 5}\n",
    ],
)
def test_new_limits_go_below_the_last_one(text):
    """A limit on another signal is added to any recipe, and nothing else changes."""
    found = with_bounds(text, {"n.m": {"min": 0.5}, "o.p": {"max": 7}})
    before, after = parse_recipe(text), parse_recipe(found)

    assert [*before.limits, "n.m", "o.p"] == list(after.limits)
    assert (0.5, None, "keep") == tuple(vars(after.limits["n.m"]).values())
    assert before.dedup == after.dedup
    assert {name: after.limits[name] for name in before.limits} == before.limits


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "together:\n",
        "together: []\ndedup: {n: 5}\n",
        "together:\n  - name: old  # why\n    limits: {a.b: {min: 1}}\n\ndedup: {n: 5}\n",
        "together:\n- name: old\n  limits:\n    a.b: {min: 1}\n# the end\n",
        "together: [{name: old, limits: {a.b: {min: 1}}}]\ndedup: {n: 5}",
    ],
)
def test_combined_limits_go_below_those_that_are_there(rest):
    """A combined limit is added to any recipe as it was made, and nothing else changes."""
    text = f"recipe: x\nlimits: {{a.b: {{min: 1}}}}\n{rest}"
    new = Together(name="new", limits={"c.d": PartLimit(min=0.5), "e.f": PartLimit(max=1000)})
    before, after = parse_recipe(text), parse_recipe(with_together(text, [new, _named("newer")]))

    assert (*before.together, new, _named("newer")) == after.together
    assert (before.limits, before.dedup) == (after.limits, after.dedup)
    assert text == with_together(text, [])


def _named(name: str) -> Together:
    return Together(name=name, limits={"g.h": PartLimit(min=1, max=2)})


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 6)))
def test_numbers_are_read_as_they_were(number):
    """What is written for a number loads as that number."""
    text = f"recipe: x\nlimits: {{a.b: {{min: {written_number(number)}}}}}"

    assert number == parse_recipe(text).limits["a.b"].min
