"""What must never reach a screen or a log: passwords in addresses, and what terminals obey."""

from __future__ import annotations

import json

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.cli.output import complain, say, say_json
from tests.conftest import prose

SECRETS = ("PASSW0RD", "SECRETTOK")
ADDRESS = "http://u:PASSW0RD@127.0.0.1:9/x.jsonl?tok=1&token=SECRETTOK"


def _recipe(tmp_path, source):
    path = tmp_path / "recipe.yaml"
    path.write_text(f"recipe: test\nsource: [{{name: a, files: ['{source}']}}]\n", "utf-8")
    return str(path)


@pytest.mark.parametrize("manner", [(), ("--format", "json"), ("--debug",)])
@pytest.mark.parametrize("way", ["argument", "recipe"])
def test_a_secret_in_an_address_is_not_shown(capsys, tmp_path, manner, way):
    """Neither the sentence nor the line of the recipe below it has the password."""
    (tmp_path / "a.jsonl").write_text("{}\n")
    recipe = _recipe(tmp_path, ADDRESS if way == "recipe" else tmp_path / "a.jsonl")
    more = ("--source", ADDRESS) if way == "argument" else ()
    code = main(["run", recipe, *more, "--out", str(tmp_path / "out"), *manner])
    shown = "".join(capsys.readouterr())

    assert 2 == code
    assert "R037" in shown
    assert not any(secret in shown for secret in SECRETS)


@pytest.mark.parametrize("name", ["tok", "key", "api_key", "X-Amz-Signature", "access-key", "sas"])
def test_a_token_may_have_other_names(capsys, tmp_path, name):
    """It is refused by the names that services give it."""
    main(["check", _recipe(tmp_path, f"http://127.0.0.1:9/x.jsonl?{name}=SECRETTOK")])
    shown = "".join(capsys.readouterr())

    assert "R037" in shown
    assert "SECRETTOK" not in shown


def test_no_value_of_an_address_is_shown(capsys, tmp_path):
    """Beside a mistake in the same line, a value of any name is starred."""
    path = tmp_path / "recipe.yaml"
    path.write_text("recipe: t\nsource: [{fils: ['http://127.0.0.1:9/x?who=SECRETTOK']}]\n")
    main(["check", str(path)])
    shown = "".join(capsys.readouterr())

    assert "fils" in shown
    assert "x?who=*********" in shown
    assert "SECRETTOK" not in shown


def test_a_secret_of_the_environment_is_not_shown(capsys, tmp_path, monkeypatch):
    """A source from the environment may hold one; what goes wrong is told by its name."""
    monkeypatch.setenv("ADDRESS", ADDRESS)
    code = main(["run", _recipe(tmp_path, "${ADDRESS}"), "--out", str(tmp_path / "out")])
    shown = "".join(capsys.readouterr())

    assert code
    assert "${ADDRESS}" in shown
    assert not any(secret in shown for secret in SECRETS)


NAUGHTY = "a\x1b[2J\x1b]0;pwn\x07\x9b1m\x7f\rb\tc\n"


@pytest.mark.parametrize("way", [say, complain, say_json])
def test_no_terminal_obeys_the_data(capsys, way):
    """Control characters are shown as what they are, and JSON stays JSON."""
    way(NAUGHTY if way is not say_json else {"id": NAUGHTY})
    shown = "".join(capsys.readouterr())

    assert not set("\x1b\x07\x9b\x7f\r") & set(shown)
    assert r"\u001b" in shown
    assert way is not say_json or NAUGHTY == json.loads(shown)["id"]


def test_a_card_holds_no_control_characters(tmp_path, write_lines, curate):
    """A source label of the data is shown without what a terminal obeys."""
    from tests.conftest import recipe_of

    lines = [{"id": "a", "text": prose(1), "source": "x\x1b[2Jy"}]
    curate(recipe_of(write_lines(tmp_path / "in.jsonl", lines)), tmp_path / "out")

    assert "\x1b" not in (tmp_path / "out/release/README.md").read_text("utf-8")
