"""The reference explains every key, and its pages and schema are those that the code makes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from seimai.pipeline.messages.keys import SECTIONS
from seimai.pipeline.messages.shipped import HEADLINES
from seimai.pipeline.recipe import Recipe, parse_recipe, shipped, shipped_names, to_copy
from seimai.pipeline.recipe.places import read_places
from seimai.pipeline.recipe.schema import SECTION_OF, of_models
from seimai.pipeline.reference import PAGES, SCHEMA, WORDS, entries, page, whole_schema

CONFIGS = Path(__file__).parents[2] / "configs"
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
MADE = json.loads(whole_schema())
WAYS_OUT = "run `make reference` and commit what it writes"


def test_every_key_is_explained_and_none_is_left_behind() -> None:
    """The words of the reference are for the keys that the models have, in both languages."""
    models = of_models()
    keys = {
        f"{section}.{key}"
        for model, section in SECTION_OF.items()
        for key in (models if model == "Recipe" else models["$defs"][model])["properties"]
    }

    assert keys == set(WORDS)
    assert set(SECTION_OF.values()) == set(SECTIONS)
    assert [] == [key for key, words in WORDS.items() if not JAPANESE.search(words.ja)]
    assert [] == [key for key, words in WORDS.items() if not words.en or words.en == words.ja]


def test_every_model_of_a_recipe_has_a_section() -> None:
    """A new part of a recipe needs a section; minima and maxima alone are told in a line."""
    assert {"Bounds", "Most", "Range"} == set(of_models()["$defs"]) - set(SECTION_OF)


@pytest.mark.parametrize("path", [path for path, words in WORDS.items() if words.example])
def test_examples_are_right(path: str) -> None:
    """The example of a key is YAML that a recipe may hold at its place."""
    section, key = path.split(".")
    example = WORDS[path].example
    told = yaml.safe_load(example)
    whole: dict[str, Any] = {"recipe": "x"}
    if section == "recipe":
        whole |= told | ({"clean": ["personal"]} if key == "personal" else {})
    elif section == "source":
        kind = "database" if key in ("query", "changed", "database") else "files"
        base = {"name": "a"} | ({} if key == "dataset" else {kind: "b"})
        base |= {"query": "c"} if kind == "database" else {}
        whole["source"] = [base | told]
    elif section == "limits":
        whole["limits"] = told
    elif section == "drift":
        whole["expect"] = {"drift": told}
    elif section in ("contained", "passages"):
        whole["dedup"] = {section: told}
    elif section == "together":
        base = {"name": "a", "limits": {"a.b_share": {"min": 0.1}, "a.c_share": {"min": 0.1}}}
        whole["together"] = [base | told]
    elif section in ("contamination", "lists"):
        whole[section] = [{"name": "a", "files": "b"} | told]
    elif section == "licenses":
        whole[section] = {"allow": "CC-BY-4.0"} | told
    elif section == "buckets":
        base = {"by": "source"} if key == "groups" else {"by": "text.length_count"}
        base |= {"quantiles": 4} if key in ("by", "cuts_from") else {}
        two = {"a": "ja.hiragana_share", "b": "ja.katakana_share"}
        base = {"highest": two} if key in ("highest", "least") else base
        whole["buckets"] = {"a": base | told}
    elif section == "splits":
        whole["splits"] = {"validation": 0.01} | told
    else:
        whole[section] = told
        if key == "folders":
            whole["buckets"] = {"quality": {"by": "quality.dirt_score", "quantiles": 20}}

    parse_recipe(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False))
    assert key in example or section == "limits"


@pytest.mark.parametrize("language", PAGES)
def test_pages_are_those_that_the_code_makes(language: str) -> None:
    """configs/REFERENCE.md and its Japanese twin follow the code."""
    assert (CONFIGS / PAGES[language]).read_text("utf-8") == page(language), WAYS_OUT


def test_the_schema_is_the_one_that_the_code_makes() -> None:
    """configs/recipe.schema.json follows the code."""
    assert (CONFIGS / SCHEMA).read_text("utf-8") == whole_schema(), WAYS_OUT


def test_entries_tell_type_default_and_range() -> None:
    """Kinds of values are told in words, sizes as people write them."""
    english = {one.path: one for one in entries("en")}
    japanese = {one.path: one for one in entries("ja")}

    assert ("integer, 1 to 100", "`5`") == (english["dedup.n"].value, english["dedup.n"].default)
    assert ("整数（1〜100）", "`5`") == (japanese["dedup.n"].value, japanese["dedup.n"].default)
    assert "`500MB`" == english["release.shard"].default
    assert "`16MiB`" == english["source.max_record"].default
    assert "required" == english["recipe"].default
    assert "number, above 0, up to 1" == english["dedup.similarity"].value


def mistakes(values: Any) -> list[str]:
    """What the schema finds wrong with the values of a recipe."""
    jsonschema = pytest.importorskip("jsonschema")
    checker = jsonschema.Draft202012Validator(MADE)
    return [error.json_path for error in checker.iter_errors(values)]


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_recipes_keep_to_the_schema(name: str) -> None:
    """An editor finds nothing wrong with our recipes, also where `1_000_000` is text to it."""
    text = (CONFIGS / f"{name}.yaml").read_text("utf-8")
    grouped = re.sub(r"\b(\d+(?:_\d+)+)\b", r'"\1"', re.sub("#.*", "", text))

    assert f"$schema={SCHEMA}\n" in text
    assert [] == mistakes(read_places(text, name).data)
    assert [] == mistakes(read_places(grouped, name).data)


@pytest.mark.parametrize(
    "wrong",
    [
        {"relase": {}},
        {"limits": {"ja.kana_share": {"minimum": 0.1}}},
        {"limits": {"ja.kana_share": {"max": 1.5}}},
        {"limits": {"ja.kana_share": 0.3}},
        {"limits": {"acme.ruby_share": {}}},
        {"source": [{"name": "a", "format": "jsonlines"}]},
        {"dedup": {"similarity": 0}},
        {"together": [{"name": "a"}]},
        {"clean": "width"},
    ],
    ids=json.dumps,
)
def test_the_schema_finds_mistakes(wrong: dict[str, Any]) -> None:
    """Unknown keys, wrong kinds and numbers beyond a range are seen while one types."""
    assert [] == mistakes({"recipe": "x"})
    assert [] != mistakes({"recipe": "x", **wrong})


def test_the_schema_allows_what_files_may_say() -> None:
    """Bare sections, one path without a list, and signals and cleaners of one's own."""
    assert [] == mistakes(
        {
            "recipe": "x",
            "about": None,
            "limits": {"acme.ruby_share": {"max": 0.5}},
            "clean": ["acme"],
            "source": [{"name": "a", "files": "b.jsonl", "text": "本文"}],
            "release": {"shard": "500MB"},
        }
    )


def test_a_copy_of_a_recipe_names_no_schema_that_it_lacks() -> None:
    """`seimai recipes NAME` leaves the line for editors out, and nothing else."""
    whole = ((shipped() or Path()) / "web.yaml").read_text("utf-8").splitlines()
    copied = to_copy("web").splitlines()

    assert [line for line in whole if "$schema=" not in line] == copied
    assert len(whole) == len(copied) + 1


def test_every_shipped_recipe_is_told_in_japanese() -> None:
    """The list of recipes speaks Japanese as well."""
    assert shipped_names() == sorted(HEADLINES)
    assert all(JAPANESE.search(line) for line in HEADLINES.values())


def test_the_schema_is_of_the_recipe_that_runs() -> None:
    """Each key of the schema is a key of the model, and the other way round."""
    assert set(MADE["properties"]) == set(Recipe.model_fields) - {"text"}
