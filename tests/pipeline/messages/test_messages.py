"""Every sentence exists in both languages, and every code that is raised has one."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from seimai.pipeline import messages
from seimai.pipeline.errors import Place, Problem, Problems
from seimai.pipeline.messages import MESSAGES, language, sentence, use_language

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龯]")

SAME_IN_BOTH = {"E001", "U002", "U008", "doctor.versions", "explain.fails"}
"""Sentences that hold names and values only, in whole or in part."""


def placeholders(text: str) -> set[str]:
    """The names that a sentence wants filled."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def raised() -> Iterator[tuple[str, ast.Call, str]]:
    """Every `Problem("CODE", ...)` in our code: the code, the call, and where it stands."""
    for package in ("pipeline", "filters", "flows"):
        spec = find_spec(f"seimai.{package}")
        assert spec is not None
        for folder in spec.submodule_search_locations or ():
            for path in sorted(Path(folder).rglob("*.py")):
                for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                    if not isinstance(node, ast.Call) or not node.args:
                        continue
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    code = node.args[0]
                    if name == "Problem" and isinstance(code, ast.Constant):
                        yield code.value, node, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_both_languages_want_the_same(code):
    """English and Japanese exist and use the same placeholders; so do their hints."""
    message = MESSAGES[code]

    assert message.en
    assert message.ja
    assert placeholders(message.en) == placeholders(message.ja)
    assert placeholders(message.hint_en) == placeholders(message.hint_ja)
    assert bool(message.hint_en) == bool(message.hint_ja)


@pytest.mark.parametrize("code", sorted(set(MESSAGES) - SAME_IN_BOTH))
def test_japanese_is_japanese(code):
    """The Japanese sentence holds Japanese letters, the English one none outside quotes."""
    message = MESSAGES[code]
    english = re.sub("「[^」]*」|精米(歩合)?", "", message.en)

    assert JAPANESE.search(message.ja) or not re.search("[a-z]{2}", re.sub("{.*?}", "", message.ja))
    assert not JAPANESE.search(english)


@pytest.mark.parametrize(
    "code", sorted(code for code in MESSAGES if re.fullmatch("[A-Z][0-9]+", code))
)
def test_sentences_of_problems_do_not_end_in_a_stop(code):
    """Problems are one sentence each: no full stop at the end, no exclamation mark anywhere."""
    message = MESSAGES[code]
    for text in (message.en, message.ja, message.hint_en, message.hint_ja):
        assert not text.endswith((".", "。", "!", "！"))
        assert "!" not in text


def test_every_code_that_is_raised_has_a_sentence():
    """A code in the program that no family of messages knows is found here, not by a user."""
    assert [] == [f"{place}: {code}" for code, _, place in raised() if code not in MESSAGES]


def test_every_placeholder_is_given():
    """Wherever a problem is raised, it brings what its sentence wants filled."""
    missing = []
    for code, call, place in raised():
        given = {keyword.arg for keyword in call.keywords}
        if None in given or code not in MESSAGES:
            continue
        message = MESSAGES[code]
        wanted = placeholders(message.en) | placeholders(message.hint_en)
        if wanted - given:
            missing.append(f"{place}: {code} lacks {sorted(wanted - given)}")

    assert [] == missing


def test_the_language_follows_what_was_chosen_and_then_the_locale(monkeypatch):
    """`--lang` decides; without it LC_ALL, LC_MESSAGES and LANG, in this order."""
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    monkeypatch.setenv("LANG", "C")
    assert "ja" == language()

    monkeypatch.delenv("LC_ALL")
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    assert "en" == language()

    use_language("ja")
    assert "エラー" == sentence("word.error")


def test_a_problem_is_a_letter():
    """Place, line, caret, nearest name and next step stand where a person looks for them."""
    use_language("en")
    place = Place("web.yaml", 19, 3, "  ja.hiragana_rate: {min: 0.10}", 16)
    told = {"family": " ja", "count": 20, "families": "ja, text"}
    problem = Problem("R003", place, name="ja.hiragana_rate", near="ja.hiragana_share", **told)

    assert [
        "error[R003]: no signal is called “ja.hiragana_rate”",
        "  ┌─ web.yaml:19:3",
        "19│   ja.hiragana_rate: {min: 0.10}",
        "  │   ^^^^^^^^^^^^^^^^ did you mean “ja.hiragana_share”?",
        "  = hint: `seimai signals ja` lists 20 of them; families are ja, text",
    ] == str(problem).split("\n")


def test_a_problem_is_data_as_well():
    """Programs get code, sentence and place."""
    use_language("en")
    problem = Problem("R008", Place("web.yaml", 2, 5))

    assert {
        "code": "R008",
        "message": "this limit has neither min nor max",
        "hint": "write {min: 0.06}, {max: 0.3}, or both",
        "path": "web.yaml",
        "line": 2,
        "column": 5,
    } == problem.as_dict()


def test_problems_are_told_one_after_the_other():
    """Several problems print as several letters."""
    use_language("ja")
    both = Problems([Problem("R008"), Problem("R032")])

    assert 2 == str(both).count("エラー[R")


def test_no_code_stands_in_two_files():
    """A code that two files hold would be shown with the words of the later one."""
    families = [
        module.split(" ")[0]
        for module in re.findall(
            r"^from seimai.pipeline.messages.\w+ import ([A-Z]+)$",
            Path(messages.__file__).read_text("utf-8"),
            re.MULTILINE,
        )
    ]

    assert len(MESSAGES) == sum(len(getattr(messages, family)) for family in families)
