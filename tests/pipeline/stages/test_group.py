"""Groups: edges equal brute force, nothing depends on the order of files or rows."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pyarrow as pa
import pytest

from seimai.pipeline.errors import Problem
from seimai.pipeline.shard import read_table, write_table
from seimai.pipeline.stages import group as module
from seimai.pipeline.stages.group import GroupCounts, exchange, group, portions, similarity
from seimai.pipeline.stages.keepers import choose_keepers
from seimai.pipeline.stages.sketch import sketch
from seimai.pipeline.text import Texts
from seimai.pipeline.text.hashview import hash_view
from seimai.pipeline.text.tokens import Tokens

SYLLABLES = (
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ"
)


@dataclass(frozen=True)
class Settings:
    """A recipe's `dedup` that finds practically every pair: one row, many bands."""

    unit: str = "char"
    n: int = 3
    rows: int = 2
    bands: int = 40
    similarity: float = 0.7
    seed: int = 1
    numbers: str = "ignore"


@dataclass(frozen=True)
class Found:
    """What `group` wrote, joined, with rows named by the texts' ids."""

    counts: GroupCounts
    table: pa.Table
    ids: list[int]

    @property
    def groups(self) -> set[frozenset[int]]:
        """The groups, as sets of ids."""
        named: dict[int, set[int]] = {}
        for name, label in zip(self.ids, self.table.column("group").to_pylist(), strict=True):
            if label >= 0:
                named.setdefault(label, set()).add(name)
        return {frozenset(some) for some in named.values()}

    def edges(self, names) -> dict[frozenset, float]:
        """The edges with their similarity; `names` turns a row into something comparable."""
        found = {}
        columns = [self.table.column(name).to_pylist() for name in ("neighbours", "similarity")]
        for row, (near, alike) in enumerate(zip(*columns, strict=True)):
            for other, value in zip(near, alike, strict=True):
                found[frozenset((names(row), names(other)))] = round(value, 5)
        return found


def run(folder, texts, made=Settings(), shards=3, partitions=None, order=None, threads=1):
    """Sketch and group `texts`, cut into shards, in the given order."""
    ids = list(range(len(texts))) if order is None else order
    cuts = np.linspace(0, len(ids), shards + 1).astype(int).tolist()
    paths = {stage: [] for stage in ("sketch", "text", "group")}
    for k, (begin, end) in enumerate(pairwise(cuts)):
        for stage, some in paths.items():
            some.append(folder / stage / f"{k:05}.parquet")
        column = pa.array([texts[i] for i in ids[begin:end]], pa.large_string())
        write_table(paths["text"][-1], pa.table({"text": column}))
        write_table(paths["sketch"][-1], sketch(Texts(column), made))
    counts = group(
        paths["sketch"], paths["text"], paths["group"], made, partitions, threads=threads
    )
    tables = [read_table(path) for path in paths["group"]]

    assert [np.diff(cuts).tolist()] == [[table.num_rows for table in tables]]
    return Found(counts, pa.concat_tables(tables).combine_chunks(), ids)


def shingles(text, n):
    """The set of shingles of a text's hash view."""
    codes, _ = hash_view(Texts.of(text))
    return {tuple(codes[k : k + n].tolist()) for k in range(codes.size - n + 1)}


def brute_force(texts, made):
    """All pairs of different texts that are similar enough, with their similarity."""
    found = {}
    sets = {text: shingles(text, made.n) for text in texts}
    for one, other in combinations(sorted(set(texts)), 2):
        union = sets[one] | sets[other]
        alike = len(sets[one] & sets[other]) / len(union) if union else 0.0
        if alike >= made.similarity:
            found[frozenset((one, other))] = round(float(np.float32(alike)), 5)
    return found


def prose(random_, length):
    """Syllables that have nothing in common with anything."""
    return "".join(random_.choices(SYLLABLES, k=length))


def edited(random_, text, edits):
    """The text with some characters replaced."""
    characters = list(text)
    for place in random_.sample(range(len(text)), edits):
        characters[place] = random_.choice(SYLLABLES)
    return "".join(characters)


def corpus(seed, families=12):
    """Families of similar texts, copies, loners, short and blank texts."""
    random_ = random.Random(seed)
    texts = ["", " ", "短い", "短い", "短い。", "\u3000"]
    for _ in range(families):
        first = prose(random_, random_.randint(30, 120))
        texts.append(first)
        edits = [random_.randint(0, 6) for _ in range(random_.randint(0, 6))]
        texts += [edited(random_, first, count) for count in edits]
    random_.shuffle(texts)
    return texts


@pytest.mark.parametrize("seed", range(4))
def test_edges_are_those_of_brute_force(tmp_path, seed):
    """With bands that find everything, edges and similarities are those of all pairs in a group."""
    texts = corpus(seed)
    found = run(tmp_path, texts)

    assert brute_force(texts, Settings()) == found.edges(lambda row: texts[row])
    assert found.counts.edges == len(brute_force(texts, Settings()))


def test_groups_are_connected_components(tmp_path):
    """Groups are what edges and equal hash views connect; a loner has none."""
    random_ = random.Random(5)
    first = prose(random_, 60)
    middle = edited(random_, first, 3)
    last = edited(random_, middle, 3)
    loner = prose(random_, 60)
    texts = [first, loner, last, middle, f" {first}\n", "", ""]
    found = run(tmp_path, texts)

    assert {frozenset({0, 2, 3, 4})} == found.groups
    assert [0, -1, 0, 0, 0, -1, -1] == found.table.column("group").to_pylist()
    assert [0, 1, 2, 3, 0, 5, 6] == found.table.column("exact").to_pylist()
    assert (1, 1, 4) == (found.counts.exact, found.counts.groups, found.counts.largest)


@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_and_files_does_not_matter(tmp_path, seed):
    """Shuffled texts in other shards give the same groups and the same edges."""
    texts = corpus(seed)
    order = random.Random(seed).sample(range(len(texts)), len(texts))
    # Bands that miss pairs: what is found must still not depend on the order.
    made = Settings(rows=4, bands=4)
    one = run(tmp_path / "one", texts, made)
    other = run(tmp_path / "other", texts, made, shards=5, order=order)

    assert one.groups == other.groups
    assert one.edges(lambda row: texts[row]) == other.edges(lambda row: texts[order[row]])
    assert one.counts == other.counts


def test_partitions_batches_and_threads_do_not_matter(tmp_path, monkeypatch):
    """Chunks, parts, slices and portions of any size, and threads: the same bytes."""
    # A large group is completed by its anchors.
    texts = corpus(11, families=30) + large_group(3, 150)
    one = run(tmp_path / "one", texts)
    monkeypatch.setattr(exchange, "CHUNK_ROWS", 20)
    monkeypatch.setattr(module, "LEAST_PAIRS", 10)
    monkeypatch.setattr(module, "SLICE_PAIRS", 1000)
    monkeypatch.setattr(portions, "LEAST_WORK", 50)
    monkeypatch.setattr(similarity, "BATCH_VALUES", 1000)
    other = run(tmp_path / "other", texts, shards=12, partitions=4)
    third = run(tmp_path / "third", texts, shards=7, threads=3)

    assert one.counts == other.counts == third.counts
    assert one.table.equals(other.table)
    assert one.table.equals(third.table)


def test_nothing_is_left_of_the_exchange(tmp_path):
    """What tasks exchanged is gone when groups are written, and when a sketch is damaged."""
    run(tmp_path, corpus(1))
    paths = [[tmp_path / stage / "00000.parquet"] for stage in ("sketch", "text", "group")]
    with pytest.raises(Problem):
        group(*paths, Settings(seed=5))

    assert not (tmp_path / module.EXCHANGE).exists()


def test_short_texts_are_only_equal_or_not(tmp_path):
    """Texts shorter than a shingle are exact duplicates or none; blank ones are none."""
    found = run(tmp_path, ["ああ", "あい", "ああ", "", "", " "], Settings(n=5))

    assert {frozenset({0, 2})} == found.groups
    assert {} == found.edges(int)


def test_dakuten_tell_texts_apart(tmp_path):
    """Texts that differ in dakuten only are not equal; width and line breaks do not matter."""
    found = run(tmp_path, ["はがき", "はかき", "ハガキ", "ﾊｶﾞｷ", "ハガ\nキ"])

    assert {frozenset({2, 3, 4})} == found.groups


def test_many_copies_stay_linear(tmp_path):
    """Ten thousand copies share the edges of the first: one list, not ten thousand."""
    random_ = random.Random(3)
    text = prose(random_, 40)
    near = edited(random_, text, 1)
    found = run(tmp_path, [*[text] * 5000, near, *[text] * 5000])
    lengths = np.diff(found.table.column("neighbours").combine_chunks().offsets.to_numpy())

    assert {0: 1, 5000: 1} == {int(k): int(lengths[k]) for k in np.flatnonzero(lengths)}
    assert (9999, 1, 10_001) == (found.counts.exact, found.counts.groups, found.counts.largest)


def large_group(seed, size):
    """Many texts, each a little edited from one of them."""
    random_ = random.Random(seed)
    first = prose(random_, 200)
    return [edited(random_, first, random_.randint(0, 5)) + "ん" * (k % 7) for k in range(size)]


def keepers_of(found, order):
    """What `choose_keepers` makes of a group table when all texts keep to the limits."""
    table = found.table.filter(pa.array(found.table.column("group").to_numpy() >= 0))
    rows = np.flatnonzero(found.table.column("group").to_numpy() >= 0)
    return choose_keepers(
        table.column("group").to_numpy(),
        table.column("exact").to_numpy(),
        table.column("neighbours").combine_chunks(),
        table.column("similarity").combine_chunks(),
        order,
        np.ones(rows.size, bool),
        rows,
        table.column("anchor").to_numpy(),
    )


def test_a_large_group_is_compared_with_its_anchors(tmp_path):
    """Beyond 128 texts the longest know their similarity to all; edges stay exact."""
    texts = list(dict.fromkeys(large_group(1, 300)))
    found = run(tmp_path, texts, Settings(rows=4, bands=10, similarity=0.6))
    everything = brute_force(texts, Settings(similarity=0.6))
    edges = found.edges(lambda row: texts[row])
    anchors = np.flatnonzero(found.table.column("anchor").to_numpy())
    longest = max(range(len(texts)), key=lambda k: len(texts[k]))

    assert {frozenset(range(len(texts)))} == found.groups
    assert edges.items() <= everything.items()
    assert len(anchors) == 64
    assert len(texts[longest]) in {len(texts[k]) for k in anchors}
    assert {
        pair: alike for pair, alike in everything.items() if pair & {texts[k] for k in anchors}
    }.items() <= edges.items()
    assert found.counts.edges == len(edges)


def test_a_large_group_keeps_one_text(tmp_path):
    """Whatever is preferred, 300 texts that are all alike leave one."""
    texts = list(dict.fromkeys(large_group(2, 300)))
    found = run(tmp_path, texts, Settings(rows=4, bands=10, similarity=0.5))
    instead, alike = keepers_of(found, np.arange(len(texts))[::-1])

    assert 1 == (instead < 0).sum()
    assert np.nanmin(alike) >= 0.5


def test_what_is_far_from_all_anchors_gets_its_own(tmp_path):
    """The shorter of two large families that a chain connects is compared within itself too."""
    random_ = random.Random(4)
    long, short = prose(random_, 210), prose(random_, 200)
    mixed = [long[:cut] + short[cut:] for cut in range(0, 210, 30)]
    texts = [edited(random_, family, 2) for family in (long, short) for _ in range(100)]
    found = run(tmp_path, [*texts, *mixed], Settings(rows=4, bands=20, similarity=0.65))
    instead, _ = keepers_of(found, np.arange(len(texts) + len(mixed)))
    anchor = found.table.column("anchor").to_numpy()

    assert 1 == found.counts.groups
    assert anchor[:100].sum() > 40
    assert 0 < anchor[100:200].sum() < 50
    assert (instead[:200] < 0).sum() <= 2


def test_words_are_compared_by_their_stored_sets(tmp_path):
    """With `unit: word` similarities come from the sketch, because texts alone have no words."""
    made = Settings(unit="word", n=2)
    words = [[*range(20)], [*range(19), 99], [*range(50, 70)]]
    surface = np.array([word for some in words for word in some], np.uint64)
    blank = np.zeros(surface.size, np.uint8)
    tokens = Tokens(
        blank,
        blank.astype(bool),
        surface,
        blank.astype(np.int64),
        blank.astype(bool),
        np.arange(0, 61, 20),
    )
    column = pa.array(["一", "二", "三"], pa.large_string())
    paths = [tmp_path / f"{stage}.parquet" for stage in ("sketch", "text", "group")]
    write_table(paths[0], sketch(Texts(column, tokens), made))
    write_table(paths[1], pa.table({"text": column}))
    group(*([path] for path in paths), made)
    table = read_table(paths[2])

    assert [0, 0, -1] == table.column("group").to_pylist()
    assert [[np.float32(0.9)], [np.float32(0.9)], []] == table.column("similarity").to_pylist()


def test_sketches_of_other_settings_are_refused(tmp_path):
    """A folder with sketches of another seed is a problem, not a poor result."""
    run(tmp_path, ["あいうえお"] * 3)
    paths = [[tmp_path / stage / "00000.parquet"] for stage in ("sketch", "text", "group")]
    with pytest.raises(Problem) as caught:
        group(*paths, Settings(seed=5))

    assert caught.value.code == "S031"


def test_texts_of_another_run_are_refused(tmp_path):
    """A text shard with more or fewer rows than its sketch is a problem."""
    texts = corpus(1)
    run(tmp_path, texts, shards=1)
    paths = [[tmp_path / stage / "00000.parquet"] for stage in ("sketch", "text", "group")]
    write_table(paths[1][0], pa.table({"text": pa.array(["一"], pa.large_string())}))
    with pytest.raises(Problem) as caught:
        group(*paths, Settings())

    assert caught.value.code == "S032"


def test_a_missing_sketch_is_a_problem(tmp_path):
    """A sketch that is not there never counts as one without duplicates."""
    with pytest.raises(Problem) as caught:
        group([tmp_path / "none.parquet"], [tmp_path / "a"], [tmp_path / "b"], Settings())

    assert caught.value.code == "S001"


@pytest.mark.parametrize("texts", [[], [""], ["", " "]])
def test_nothing_to_compare(tmp_path, texts):
    """Empty shards and blank texts give rows without groups."""
    found = run(tmp_path, texts, shards=1)

    assert GroupCounts(0, 0, 0, 0, 0) == found.counts
    assert [-1] * len(texts) == found.table.column("group").to_pylist()
