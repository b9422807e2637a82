"""`verify --stages`: what is damaged in OUT/stages is named, and nothing else is."""

from __future__ import annotations

import shutil

import pytest

from seimai.pipeline import shard
from seimai.pipeline.cli import main
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.inspect.stage_files import check_stages
from tests.conftest import prose, recipe_of

LIMITS = {"text.length_count": {"min": 60}, "word.particle_share": {"min": 0.01}}
STAGES = ("text", "signals", "sketch", "group", "tokens", "words", "verdict", "quarantine")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run with a file in every stage."""
    folder = tmp_path_factory.mktemp("stages")
    lines = [f'{{"id": "{k}", "text": "{prose(k).replace(chr(10), "")}"}}' for k in range(12)]
    (folder / "in.jsonl").write_text("\n".join([*lines, lines[0], "broken"]), "utf-8")
    recipe = recipe_of(folder / "in.jsonl", dedup={}, limits=LIMITS)
    run(recipe, folder / "out", open_executor=in_process_executor)
    return folder / "out"


@pytest.fixture
def out(whole, tmp_path):
    """A copy of it to spoil."""
    shutil.copytree(whole, tmp_path / "out")
    return tmp_path / "out"


def named(out) -> list[str]:
    """The files that are found at fault."""
    return [check.data["path"] for check in check_stages(out) if check.state == "fail"]


def test_a_finished_run_is_whole(out, capsys):
    """Nothing is found in what a run wrote, and the command says so with exit code 0."""
    assert [] == named(out)
    assert 0 == main(["verify", str(out), "--stages", "--lang", "en"])
    assert "stage files are what was written" in capsys.readouterr().out


@pytest.mark.parametrize("stage", STAGES)
def test_a_flipped_bit(out, stage):
    """The file whose bytes are others is named, in every stage, also after it was read before."""
    path = next((out / "stages" / stage).glob("*.parquet"))
    shard.read_table(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))

    assert [f"{stage}/{path.name}"] == named(out)
    assert 1 == main(["verify", str(out), "--stages"])


@pytest.mark.parametrize("stage", ["text", "signals", "verdict", "quarantine"])
@pytest.mark.parametrize("ending", ["parquet", "json"])
def test_a_file_that_is_gone(out, stage, ending):
    """A shard that the ledger names, or the numbers of a text shard, must be there."""
    next((out / "stages" / stage).glob(f"*-*.{ending}")).unlink()

    assert any(path.startswith(f"{stage}/") for path in named(out))


@pytest.mark.parametrize("name", ["plan.json", "text/00000.json", "group/groups.json"])
def test_a_changed_ledger(out, name):
    """A ledger or plan that was changed by hand no longer matches its seal."""
    path = out / "stages" / name
    path.write_text(path.read_text("utf-8").replace('"', "'", 1), "utf-8")

    assert name in named(out)


def test_rows_of_another_number(out):
    """A stage file that is whole in itself and has not the rows of its texts is named."""
    path = next((out / "stages/signals").glob("*.parquet"))
    table, mark = shard.read_table(path), shard.required_sidecar(path).fingerprint
    shard.write_shard(path, table.slice(1), mark)

    assert [f"signals/{path.name}"] == named(out)
