"""The index of releases: what it finds, names, refuses, and how it changes."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.forgetting import indexing
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.errors import Problem
from seimai.pipeline.index import listing as lists
from seimai.pipeline.index.listing import open_index
from seimai.pipeline.index.lookup import asked, find_twins, names_of, sets_out_of
from seimai.pipeline.index.releases import sketched
from seimai.pipeline.inspect.indexed import info, query
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.recipe import Dedup
from tests.conftest import ids, prose, recipe_of, release_digests, released

SETTINGS = Dedup()


def changed(text: str, every: int, seed: int = 0) -> str:
    """A text with one of so many characters exchanged."""
    pick = random.Random(seed)
    signs = list(text)
    for place in range(every // 2, len(signs), every):
        signs[place] = pick.choice("検索鉛筆机窓")
    return "".join(signs)


@pytest.fixture
def year(tmp_path, write_lines, curate):
    """A function that releases some texts by id into a folder of that name."""

    def work(name: str, texts: dict[str, str], **dedup) -> Path:
        path = write_lines(
            tmp_path / f"{name}.jsonl",
            [
                {"id": id_, "text": text, "url": f"https://x.jp/{id_}"}
                for id_, text in texts.items()
            ],
        )
        out = tmp_path / "out" / name
        curate(recipe_of(path, dedup=dedup), out, accept=True)
        return out

    return work


def files_of(folder: Path) -> dict[str, bytes]:
    """The bytes of an index by file, less its locks."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def test_a_twin_and_its_release_are_named(year, tmp_path):
    """An equal and a similar text go, each with id and release of its twin; others stay."""
    index = tmp_path / "index"
    indexing.build(index, [year("2025", {"a": prose(1), "b": prose(2), "short": "米。"})], SETTINGS)
    texts = {
        "same": prose(1),
        "near": changed(prose(2), 100),
        "far": changed(prose(2), 9),
        "new": prose(3),
        "short": "米。",
    }
    out = year("2026", texts, against=str(index))

    assert ["far", "new"] == ids(out)
    rows = {row["id"]: row for row in released(out, "rejected")}
    assert {"same": ("a", "2025"), "near": ("b", "2025"), "short": ("short", "2025")} == {
        id_: (row["duplicate_of"], row["duplicate_in"]) for id_, row in rows.items()
    }
    assert [["dedup"]] * 3 == [row["reasons"] for row in rows.values()]
    assert 1.0 == rows["same"]["similarity"]
    assert 0.8 <= rows["near"]["similarity"] < 1
    assert [] == [check.message for check in verify(out) if check.state == "fail"]


def test_what_was_released_is_kept_of_no_group(year, tmp_path):
    """A text that is like a released one does not stand in for others that are not."""
    index = tmp_path / "index"
    chain = [prose(5, 12), changed(prose(5, 12), 60), changed(changed(prose(5, 12), 60), 61)]
    indexing.build(index, [year("2025", {"a": chain[0]})], SETTINGS)
    out = year("2026", {"near": chain[1], "far": chain[2]}, against=str(index))

    assert ["far"] == ids(out)
    assert [1] == [row["dedup_group_size"] for row in released(out)]


def test_a_release_is_not_held_against_itself(year, tmp_path):
    """Made again after it went into the index, a release has the same bytes."""
    index = tmp_path / "index"
    indexing.build(index, [year("2025", {"a": prose(1)})], SETTINGS)
    out = year("2026", {"b": prose(2), "a": prose(1)}, against=str(index))
    before = release_digests(out)
    indexing.add(index, [out])
    year("2026", {"b": prose(2), "a": prose(1)}, against=str(index))

    assert ["b"] == ids(out)
    assert before == release_digests(out)


def pages(seed: int, count: int) -> list[str]:
    """Texts of which many resemble each other, more or less."""
    pick = random.Random(seed)
    stems = [prose(1000 + k, 6) for k in range(8)]
    return [
        changed(pick.choice(stems), pick.choice((12, 20, 30, 45, 70, 150)), seed * 1000 + k)
        for k in range(count)
    ] + ["", "米", "　", stems[0], prose(seed, 3)]


def test_the_best_twin_is_the_one_that_comparing_all_finds(year, tmp_path):
    """Of all texts that bands propose, the most similar is named; none below the limit is."""
    index = tmp_path / "index"
    old = {f"o{k}": text for k, text in enumerate(pages(1, 60)) if text.strip()}
    # Rows 1: whatever shares a single value is proposed, so that nothing is missed by chance.
    settings = Dedup(rows=1, bands=64)
    indexing.build(index, [year("2025", old, similarity=1.0)], settings)
    stored = {row["id"]: row["text"] for row in released(tmp_path / "out/2025")}
    new = pages(2, 60)
    opened = open_index(index, settings)
    table, values, first = sketched(pa.array(new, pa.large_string()), settings)
    twins = find_twins(opened, asked(table, 64), sets_out_of(values, first), 0.8)
    found, _ = names_of(opened, twins)
    sets = {
        text: set(one.tolist())
        for text, one in zip(
            [*stored.values(), *new],
            _sets([*stored.values(), *new], settings),
            strict=True,
        )
    }
    for text, id_, alike in zip(new, found, twins.similarity, strict=True):
        every = {
            name: 1.0 if text == other else _share(sets[text], sets[other])
            for name, other in stored.items()
        }
        best = max(every.values())
        assert (id_ is not None) == (best >= 0.8), text
        assert id_ is None or best == alike == every[id_]


def _sets(texts, settings):
    _, values, first = sketched(pa.array(texts, pa.large_string()), settings)
    return [values[begin:end] for begin, end in itertools.pairwise(first.tolist())]


def _share(one: set, other: set) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def test_batches_give_the_files_of_one_batch(year, tmp_path):
    """Three releases at once, one by one, or interrupted between: the same bytes, compacted too."""
    outs = [
        year(str(k), {f"{k}{j}": text for j, text in enumerate(pages(k, 9))}) for k in (1, 2, 3)
    ]
    one, many = tmp_path / "one", tmp_path / "many"
    indexing.build(one, outs, SETTINGS)
    indexing.build(many, outs[:1], SETTINGS)
    indexing.add(many, outs[1:2])
    indexing.add(many, outs)

    assert files_of(one) == files_of(many)
    for folder in (one, many):
        assert (3, 1) == indexing.compact(folder)
    assert files_of(one) == files_of(many)
    assert not info(one, check=True).damaged


@pytest.mark.parametrize("step", ["write_segment", "write_listing", "remove_others"])
@pytest.mark.parametrize("deed", ["add", "compact", "remove"])
def test_after_a_kill_it_is_as_before_and_goes_on(year, tmp_path, monkeypatch, deed, step):
    """Wherever a change ends, readers see the old or the new state; the same again finishes it."""
    outs = [year(str(k), {f"{k}": prose(k)}) for k in (1, 2, 3)]
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    deeds = {
        "add": lambda folder: indexing.add(folder, outs),
        "compact": indexing.compact,
        "remove": lambda folder: indexing.remove(folder, ["1"]),
    }
    for folder in (whole, cut):
        indexing.build(folder, outs[:2], SETTINGS)
        if deed == "remove":
            indexing.compact(folder)
    before = query(cut, [prose(2)])
    deeds[deed](whole)
    place = indexing if step == "write_segment" else lists
    real = getattr(place, step)

    def end(*args, **options):
        if step == "write_segment":
            real(*args, **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(place, step, end)
        with pytest.raises(KeyboardInterrupt):
            deeds[deed](cut)
    assert before == query(cut, [prose(2)])
    if not (deed == "remove" and step == "remove_others"):  # that one was done by then
        deeds[deed](cut)

    assert query(whole, [prose(k) for k in (1, 2, 3)]) == query(cut, [prose(k) for k in (1, 2, 3)])
    if deed != "remove":
        assert files_of(whole) == files_of(cut)
    assert set(lists.read_listing(whole).segments) <= {
        path.stem for path in (cut / "segments").iterdir()
    }


def test_other_settings_are_refused_and_both_are_shown(year, tmp_path):
    """Numbers made in another way would look right: recipe and index must agree."""
    index = tmp_path / "index"
    indexing.build(index, [year("2025", {"a": prose(1)})], SETTINGS)
    with pytest.raises(Problem) as found:
        year("2026", {"b": prose(2)}, against=str(index), n=6, rows=4)

    assert "X002" == found.value.code
    assert ("n, rows", "5, 8", "6, 4") == tuple(
        found.value.values[name] for name in ("key", "found", "want")
    )
    with pytest.raises(Problem, match="X002"):
        indexing.build(index, [], Dedup(seed=2))


def test_a_recipe_asks_for_an_index_that_is_there(year, tmp_path):
    """A name mistyped must not release everything again."""
    with pytest.raises(Problem, match="X001"):
        year("2026", {"b": prose(2)}, against=str(tmp_path / "indxe"))


def test_one_writer_and_readers_of_a_snapshot(year, tmp_path):
    """While one writes another may not; what a reader has opened stays as it was."""
    index = tmp_path / "index"
    out = year("2025", {"a": prose(1)})
    indexing.build(index, [out, year("2026", {"b": prose(2)})], SETTINGS)
    opened = open_index(index)
    with lock(index), pytest.raises(Problem, match="O002"):
        indexing.compact(index)
    indexing.compact(index)
    indexing.remove(index, ["2025", "2026"])
    table, values, first = sketched(pa.array([prose(1)]), SETTINGS)
    twins = find_twins(opened, asked(table, 16), sets_out_of(values, first), 0.8)

    assert (["a"], ["2025"]) == names_of(opened, twins)
    assert [None] == query(index, [prose(1)])


def test_of_equal_twins_the_earliest_release_is_named(year, tmp_path):
    """The order in which releases came decides, whatever segments hold them."""
    index = tmp_path / "index"
    outs = [year(name, {f"x{name}": prose(1)}) for name in ("b", "a", "c")]
    indexing.build(index, outs, SETTINGS)
    first = query(index, [prose(1)])[0]
    indexing.compact(index)

    assert ("xb", "b") == (first.id, first.release)
    assert first == query(index, [prose(1)])[0]
    indexing.remove(index, ["b"])
    assert "a" == query(index, [prose(1)])[0].release


def test_a_release_that_changed_takes_the_place_of_its_earlier_state(year, tmp_path):
    """Added again it is found as it is now, and not as it was."""
    index = tmp_path / "index"
    indexing.build(index, [year("2025", {"a": prose(1)})], SETTINGS)
    done = indexing.add(index, [year("2025", {"a": prose(2)})])

    assert [("2025", "replaced", 1)] == [(one.release, one.what, one.texts) for one in done]
    assert [None, "a"] == [one and one.id for one in query(index, [prose(1), prose(2)])]


def test_two_releases_of_one_name_are_refused(year, tmp_path):
    """One of them would be passed over in silence."""
    outs = [year("2025", {"a": prose(1)}), tmp_path / "b/2025"]
    outs[0].rename(tmp_path / "kept")
    outs = [tmp_path / "kept", tmp_path / "b/kept"]
    outs[1].parent.mkdir()
    (tmp_path / "b/kept").symlink_to(tmp_path / "kept")
    indexing.build(tmp_path / "index", outs, SETTINGS)  # one folder by two names

    other = year("other", {"b": prose(2)})
    (tmp_path / "c").mkdir()
    other.rename(tmp_path / "c/kept")
    with pytest.raises(Problem, match="X005"):
        indexing.build(tmp_path / "index2", [tmp_path / "kept", tmp_path / "c/kept"], SETTINGS)


def test_a_flipped_bit_is_found(year, tmp_path):
    """`index info --check` reads what nothing else reads."""
    index = tmp_path / "index"
    indexing.build(index, [year("2025", {"a": prose(1)})], SETTINGS)
    path = index / "segments/000000.sets"
    data = bytearray(path.read_bytes())
    data[7] ^= 1
    path.write_bytes(data)

    assert ("000000",) == info(index, check=True).damaged
    assert 1 == main(["index", "info", "--index", str(index), "--check", "--quiet"])
    path.write_bytes(data[:-4])
    with pytest.raises(Problem, match="X003"):
        open_index(index)


def test_words_are_shingles_too(year, tmp_path):
    """An index by words finds a text whose words are the same."""
    index = tmp_path / "index"
    settings = Dedup(unit="word", n=3)
    indexing.build(index, [year("2025", {"a": prose(1)}, unit="word", n=3)], settings)

    assert ["a", None] == [one and one.id for one in query(index, [prose(1), prose(2)])]
    out = year("2026", {"b": prose(1), "c": prose(3)}, unit="word", n=3, against=str(index))
    assert ["c"] == ids(out)


def test_batches_of_a_run_decide_nothing(year, tmp_path, monkeypatch):
    """However many texts are looked up at a time, and pairs compared, the same is found."""
    from seimai.pipeline.engine.judging import against
    from seimai.pipeline.index import lookup

    index = tmp_path / "index"
    texts = {f"o{k}": text for k, text in enumerate(pages(1, 40))}
    indexing.build(index, [year("2025", texts)], SETTINGS)
    new = {f"n{k}": text for k, text in enumerate(pages(2, 40))}
    out = year("2026", new, against=str(index))
    monkeypatch.setattr(against, "TEXTS_AT_ONCE", 7)
    monkeypatch.setattr(lookup, "PAIRS_AT_ONCE", 3)
    other = year("2026b", new, against=str(index))

    assert released(out, "rejected") == released(other, "rejected")
    assert released(out) == released(other)


def test_the_command_says_what_it_did(year, tmp_path, capsys):
    """Every action has its words, in both languages, and speaks JSON."""
    out, index = year("2025", {"a": prose(1)}), str(tmp_path / "index")
    text = tmp_path / "text.txt"
    text.write_text(prose(1), "utf-8")
    for action, place, said in (
        ("build", str(out), "2025: 1 text added"),
        ("add", str(out), "2025: 1 text, there already"),
        ("query", str(text), "released in 2025 as a (row 0), similarity 1.00"),
        ("remove", "2025", "2025: 1 text removed"),
    ):
        assert 0 == main(["index", action, place, "--index", index, "--lang", "en"])
        assert said in capsys.readouterr().out
    assert 0 == main(["index", "info", "--index", index, "--format", "json"])
    assert 0 == json.loads(capsys.readouterr().out)["texts"]
    assert 0 == main(["index", "info", "--index", index, "--lang", "ja"])
    assert "5-gram" in capsys.readouterr().out
    assert 2 == main(["index", "remove", "2024", "--index", index, "--lang", "en"])
    assert "X004" in capsys.readouterr().err
    assert 2 == main(["index", "add", "--index", index])


def test_an_empty_release_is_one(tmp_path, year):
    """Nothing kept, nothing found, nothing broken."""
    index = tmp_path / "index"
    out = year("2025", {"a": prose(1)})
    first = tmp_path / "first"
    indexing.build(first, [out], SETTINGS)
    empty = year("2026", {"b": prose(1)}, against=str(first))
    indexing.build(index, [empty], SETTINGS)

    assert [None] == query(index, [prose(1)])
    assert np.array_equal([0], [lists.read_listing(index).texts])
