"""
`seimai tokens` and `seimai mix`, killed: left alone, the next one ends with the same bytes.

`python -m tests.faults.test_delivery --count 200` kills more often, at places of its own.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

import pytest

from seimai.pipeline.delivery import pieces, text_shards
from seimai.pipeline.delivery.mix import make_mix
from seimai.pipeline.delivery.mixfile import load_mix
from seimai.pipeline.delivery.pieces import Setup
from seimai.pipeline.delivery.tokens import make_tokens
from seimai.pipeline.engine.run import in_process_executor, run
from tests.conftest import prose, recipe_of
from tests.faults.campaign import CHANGING, at_change, die, fork

KILLS = 20
KILLED = -9
TEXTS = 60


def begin(folder: Path) -> None:
    """A release, a tokenizer and a mix of two kinds, all small."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    words = [prose(seed, 4) for seed in range(TEXTS)]
    model = Tokenizer(models.BPE())
    model.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=["</s>"], initial_alphabet=alphabet, show_progress=False
    )
    model.train_from_iterator(words, trainer)
    model.save(str(folder / "bpe.json"))
    lines = "".join(f'{{"id": "t{k}", "text": {text!r}}}\n' for k, text in enumerate(words))
    (folder / "in.jsonl").write_text(lines.replace("'", '"'), "utf-8")
    recipe = recipe_of(folder / "in.jsonl", splits={"validation": 0.2})
    run(recipe, folder / "run", workers=1, open_executor=in_process_executor)
    for kind in ("blend", "texts"):
        (folder / f"{kind}.yaml").write_text(
            "mix: {tokens: all, window: 1}\n"
            f"draw:\n  - {{tokens: {folder / 'OUT' / 'tokens'}, name: a, repeats: 2}}\n"
            f"write: {kind}\n"
        )


def deliver(folder: Path, out: Path) -> None:
    """The walk: tokens, a blend of them, and the same mix as texts."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    pieces.PIECE_BYTES, text_shards.SHARD_TOKENS = 4000, 4000
    make_tokens(folder / "run", out / "tokens", Setup(str(folder / "bpe.json"), "</s>"), workers=1)
    for kind in ("blend", "texts"):
        mix = folder / f"{kind}.yaml"
        own = out.parent / f"{out.name}-{kind}.yaml"
        own.write_text(mix.read_text().replace(str(folder / "OUT"), str(out)))
        make_mix(load_mix(own), out / kind, workers=1, plan=False, accept=False)


def contents(out: Path) -> dict[str, bytes]:
    """Everything that is left, by its path; locks, and where the folder lies, are left out."""
    here = str(out).encode()
    return {
        path.relative_to(out).as_posix(): path.read_bytes().replace(here, b"OUT")
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.suffix != ".json" and path.name != ".lock"
    } | {
        path.relative_to(out).as_posix(): b""
        for path in sorted(out.rglob("*.json"))
        if path.is_file()
    }


def changes(folder: Path) -> int:
    """How often all of it changes the file system."""
    count = [0]

    def hook(name: str, given: tuple[object, ...]) -> None:
        writing = name == "open" and isinstance(given[2], int) and given[2] & os.O_ACCMODE
        count[0] += bool(name in CHANGING or writing)

    def work() -> int:
        sys.addaudithook(hook)
        deliver(folder, folder / "counted")
        return count[0]

    status, said = fork(work)
    assert not status, said
    return int(said)


def killed(folder: Path, out: Path, places: list[int]) -> int:
    """Kill the walk before each of these changes, one after the other; how many hurt."""
    hurt = 0
    for number in places:

        def work(number: int = number) -> None:
            at_change(number, die)()
            deliver(folder, out)

        status, said = fork(work)
        assert status in (0, KILLED), said
        hurt += status == KILLED
        unfinished = [kind for kind in ("blend", "texts") if (out / kind / "mix.json").is_file()]
        for kind in unfinished:
            assert (out / kind / "mix.parquet").is_file()
    return hurt


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """What is delivered, and what comes of it when nobody is killed."""
    pytest.importorskip("tokenizers")
    folder = tmp_path_factory.mktemp("delivery")
    begin(folder)
    number = changes(folder)
    return folder, number, contents(folder / "counted")


def test_kills_leave_the_same_bytes(world):
    """Killed at twenty places, each time from the beginning of a folder: nothing shows."""
    folder, number, expected = world
    hurt = 0
    for k in range(KILLS):
        out = folder / f"one-{k}"
        hurt += killed(folder, out, [k * number // KILLS])
        status, said = fork(lambda out=out: deliver(folder, out))

        assert (0, "null") == (status, said)
        assert expected == contents(out)
    assert hurt == KILLS


def test_many_kills_of_one_folder_leave_the_same_bytes(world):
    """Killed again and again in one folder, a little later each time."""
    folder, number, expected = world
    out = folder / "again"
    hurt = killed(folder, out, [5 + 7 * k % max(number // 2, 1) for k in range(KILLS)])
    status, said = fork(lambda: deliver(folder, out))

    assert (0, "null") == (status, said)
    assert expected == contents(out)
    assert hurt > KILLS // 2


def main() -> int:
    """The long form: as many kills as asked for, at random places."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--count", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    dice = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="seimai-delivery-") as name:
        folder = Path(name)
        begin(folder)
        number = changes(folder)
        expected = contents(folder / "counted")
        hurt = wrong = 0
        for k in range(asked.count):
            out = folder / f"one-{k}"
            hurt += killed(folder, out, [dice.randrange(number)])
            status, _ = fork(lambda out=out: deliver(folder, out))
            wrong += bool(status) or expected != contents(out)
    told = f"{asked.count} kills of {number} places, {hurt} hurt, {wrong} left other bytes"
    sys.stdout.write(f"{told}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
