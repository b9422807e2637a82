"""Recipes: what loads, and that every mistake is told with its place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seimai.pipeline.errors import Problems
from seimai.pipeline.recipe import (
    Limit,
    Recipe,
    headline,
    load_recipe,
    parse_recipe,
    shipped_names,
    with_sources,
)
from seimai.pipeline.recipe.sizes import bytes_of

WHOLE = """\
recipe: web
version: 2
about: {title: 社内ウェブ文書コーパス, license: other, contact: data@example.jp}
source:
  - name: crawl
    files: [crawl/*.jsonl.zst]
    format: auto
    text: content
    id: id
    license: CC-BY-4.0
clean: [line_ends, width, footers, personal]
limits:
  text.length_count:   {min: 100, max: 200_000}
  ja.hiragana_share:   {min: 0.10}   # below: tables, address lists
  line.repeated_share: {max: 0.30}
  word.particle_share: {min: 0.12, empty: keep}
dedup: {unit: char, n: 5, rows: 9, bands: 14, similarity: 0.8, keep: longest}
release: {shard: 500MB, rejects: true}
expect: {kept_share: {min: 0.40, max: 0.65}, any_reason_share: {max: 0.40}}
"""


class Ranged(NamedTuple):
    """All that a recipe asks of a signal."""

    between: tuple[float, float]
    needs: str = "characters"


SIGNALS = {
    "ja.hiragana_share": Ranged((0, 1)),
    "text.length_count": Ranged((0, float("inf"))),
    "word.particle_share": Ranged((0, 1), "tokens"),
}


def problems_of(text: str, **names) -> list[tuple[str, int | None, int | None]]:
    """Code, line and column of every problem of a recipe text."""
    with pytest.raises(Problems) as caught:
        parse_recipe(text, **names)
    return [
        (one.code, one.where.line, one.where.column) if one.where else (one.code, None, None)
        for one in caught.value.problems
    ]


def test_whole_recipe_loads():
    """A recipe with every section gives what it says, limits in the order of the file."""
    recipe = parse_recipe(WHOLE)

    assert ("web", 2) == (recipe.recipe, recipe.version)
    assert [
        "text.length_count",
        "ja.hiragana_share",
        "line.repeated_share",
        "word.particle_share",
    ] == list(recipe.limits)
    assert Limit(min=100, max=200_000) == recipe.limits["text.length_count"]
    assert "keep" == recipe.limits["word.particle_share"].empty
    assert 500_000_000 == recipe.release.shard
    assert ("crawl/*.jsonl.zst",) == recipe.source[0].files
    assert recipe.text == WHOLE


def test_nothing_but_a_name_is_needed():
    """A recipe without limits, sources or duplicates is a recipe."""
    recipe = parse_recipe("recipe: bare\nlimits:\n")

    assert ({}, (), None) == (recipe.limits, recipe.source, recipe.dedup)


def test_a_recipe_survives_json():
    """What a flow passes on as JSON comes back equal, the text of the file included."""
    recipe = parse_recipe(WHOLE)

    assert recipe == Recipe.model_validate(json.loads(recipe.model_dump_json()))


def test_a_recipe_cannot_be_changed():
    """A loaded recipe is frozen."""
    with pytest.raises(ValidationError):
        parse_recipe(WHOLE).version = 3


def test_the_schema_says_what_a_file_may_say():
    """The JSON schema allows `500MB` and hides the text of the file."""
    schema = Recipe.model_json_schema()

    assert "text" not in schema["properties"]
    kinds = schema["$defs"]["Release"]["properties"]["shard"]["anyOf"]
    assert {"integer", "string"} == {kind["type"] for kind in kinds}


def test_all_mistakes_come_together_in_the_order_of_the_file():
    """One reading finds mistakes of YAML, model, names and files alike."""
    text = """\
recipe: web
source:
  - name: crawl
    files: [nowhere/*.jsonl]
    format: jsonlines
clean: [line_ends, wdith]
limits:
  text.length_count: {min: 100, max: 200_000}
  ja.hiragana_rate: {min: 0.10}
  ja.hiragana_share: {min: 0.8, max: 0.3}
  word.particle_share: {min: "0.1"}
  word.particle_share: {min: 0.1}
dedup: {rows: 90, bands: 2, keep: best ja.x}
reprot: {samples: 3}
"""

    assert [
        ("I001", 4, 13),
        ("R016", 5, 13),
        ("R009", 6, 20),
        ("R003", 9, 3),
        ("R007", 10, 23),
        ("R010", 11, 30),
        ("R021", 12, 3),
        ("R025", 13, 9),
        ("R003", 13, 35),
        ("R002", 14, 1),
    ] == problems_of(text, signals=SIGNALS, cleaners=["line_ends", "width"], files=True)


MISTAKES = [
    ("recipe: [a\n", "R004", 2),
    ("recipe: x\n\tversion: 1\n", "R005", 2),
    ("recipe: x\nrecipe: y\n", "R021", 2),
    ("", "R027", None),
    ("- a\n- b\n", "R027", 1),
    ("just words\n", "R027", 1),
    ("version: 1\n", "R020", None),
    ("recipe: ../x\n", "R030", 1),
    ("recipe: no spaces here\n", "R030", 1),
    ("recipe: 3\n", "R012", 1),
    ("recipe: x\nversion: one\n", "R011", 2),
    ("recipe: x\nversion: 0\n", "R018", 2),
    ("recipe: x\nclean: line_ends\n", "R014", 2),
    ("recipe: x\nclean: [a, b, a]\n", "R023", 2),
    ("recipe: x\nlimits: [a]\n", "R015", 2),
    ("recipe: x\nlimits:\n  a.b: 0.3\n", "R015", 3),
    ("recipe: x\nlimits:\n  a.b: {}\n", "R008", 3),
    ("recipe: x\nlimits:\n  a.b: {empty: keep}\n", "R008", 3),
    ("recipe: x\nlimits:\n  a.b: {min: .nan}\n", "R031", 3),
    ("recipe: x\nlimits:\n  a.b: {min: .inf}\n", "R031", 3),
    ("recipe: x\nlimits:\n  a.b: {min: true}\n", "R010", 3),
    ("recipe: x\nlimits:\n  a.b: {low: 1}\n", "R002", 3),
    ("recipe: x\nsource: [{name: a}]\n", "R022", 2),
    ("recipe: x\nsource: [{name: a, files: [b], dataset: c}]\n", "R022", 2),
    ("recipe: x\nsource: [{name: a, files: b}, {name: a, files: c}]\n", "R023", 2),
    ("recipe: x\ndedup:\n", "R015", 2),
    ("recipe: x\ndedup: {similarity: 1.5}\n", "R018", 2),
    ("recipe: x\ndedup: {rows: 100, bands: 100}\n", "R029", 2),
    ("recipe: x\ndedup: {keep: shortest}\n", "R026", 2),
    ("recipe: x\ndedup: {keep: best}\n", "R026", 2),
    ("recipe: x\ndedup: {keep: [native, shortest]}\n", "R026", 2),
    ("recipe: x\ndedup: {keep: []}\n", "R026", 2),
    ("recipe: x\ndedup: {keep: [best a.b, best a.c]}\n", "R026", 2),
    ("recipe: x\nrelease: {shard: 500XB}\n", "R017", 2),
    ("recipe: x\nrelease: {shard: -1}\n", "R017", 2),
    ("recipe: x\nrelease: {rejects: yes}\n", "R013", 2),
    ("recipe: x\nexpect: {kept_share: {min: 0.6, max: 0.4}}\n", "R007", 2),
    ("recipe: x\nexpect: {any_reason_share: {max: 40}}\n", "R018", 2),
    ("recipe: x\ntext: secret\n", "R002", 2),
    ("recipe: x\nabout: {collected: [a]}\n", "R012", 2),
    ("recipe: x\n? [a]\n: b\n", "R032", 2),
    ("recipe: x\n<<: {version: 1}\n", "R002", 2),
    ('recipe: x\nsource:\n  - {name: a, files: b, main: {a.jp: "#x["}}\n', "R061", 3),
    ("recipe: x\nsource:\n  - {name: a, files: b, main: [a]}\n", "R015", 3),
    ("recipe: \x07x\n", "R004", 1),
    ("recipe: !!python/object/apply:os.getcwd []\n", "R012", 1),
]


@pytest.mark.parametrize(("text", "code", "line"), MISTAKES)
def test_a_mistake_has_its_code_and_line(text, code, line):
    """Each mistake is told with a code of its own and the line it stands in."""
    assert (code, line) in [(found, at) for found, at, _ in problems_of(text)]


@pytest.mark.parametrize("spoken", ["en", "ja"])
def test_every_mistake_can_be_said(spoken):
    """The sentence of each mistake is complete in both languages."""
    from seimai.pipeline.messages import use_language

    use_language(spoken)
    for text, code, _ in MISTAKES:
        with pytest.raises(Problems) as caught:
            parse_recipe(text)
        assert f"[{code}]" in str(caught.value)


def test_the_caret_stands_under_the_mistake():
    """The place holds the line and how much of it is wrong."""
    with pytest.raises(Problems) as caught:
        parse_recipe("recipe: x\nlimits:\n  ja.hiragana_rate: {min: 0.1}\n", signals=SIGNALS)
    place = caught.value.problems[0].where

    assert place is not None
    assert place.source is not None
    assert place.column is not None
    begin = place.column - 1
    assert "ja.hiragana_rate" == place.source[begin : begin + place.width]
    assert "ja.hiragana_share" == caught.value.problems[0].values["near"]


def test_a_limit_that_nothing_can_keep_to_is_a_mistake():
    """A share of 12 was meant as 0.12; a limit that only passes everything is allowed."""
    limits = "recipe: x\nlimits:\n  ja.hiragana_share: {{min: {}}}\n"

    assert [("R024", 3, 28)] == problems_of(limits.format(12), signals=SIGNALS)
    assert 0 == parse_recipe(limits.format(0), signals=SIGNALS).limits["ja.hiragana_share"].min


def test_values_are_those_that_people_expect():
    """Dates, times and leading zeros are text; `1e3` and `200_000` are numbers; anchors work."""
    recipe = parse_recipe(
        "recipe: 'on'\n"
        "about: {title: 12:30:45, collected: {from: 2025-04-01, to: 2025-04}}\n"
        "limits:\n"
        "  a.b: &all {min: 1e3, max: 200_000}\n"
        "  c.d: *all\n"
    )

    assert "12:30:45" == recipe.about.title
    assert {"from": "2025-04-01", "to": "2025-04"} == recipe.about.collected
    assert recipe.limits["a.b"] == recipe.limits["c.d"] == Limit(min=1000, max=200_000)


def test_anchors_cannot_make_a_small_file_large():
    """A file that unfolds to billions of values is refused at once."""
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 12)]

    assert [("R028", None, None)] == problems_of("\n".join(rows))


def test_nesting_without_end_is_refused():
    """Neither brackets nor an anchor that holds itself end in a traceback."""
    assert "R028" == problems_of("a: " + "[" * 5000 + "]" * 5000)[0][0]
    assert "R028" == problems_of("a: &a [*a]")[0][0]
    assert "R028" == problems_of("# " + "x" * 1_000_001)[0][0]


def said(text: str) -> str:
    """What is wrong with a recipe text, empty where nothing is; other exceptions come through."""
    try:
        parse_recipe(text, signals=SIGNALS, cleaners=["a"])
    except Problems as found:
        return str(found)
    return ""


KEYS = st.sampled_from(
    [
        "recipe",
        "source",
        "limits",
        "min",
        "max",
        "files",
        "name",
        "dedup",
        "keep",
        "about",
        "release",
        "shard",
        "expect",
        "clean",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(st.text(max_size=60))
def test_no_text_is_a_traceback(text):
    """Any text is a recipe or a list of problems that can be said, never another exception."""
    assert said(text) or parse_recipe(text)


@given(VALUES)
def test_no_shape_is_a_traceback(value):
    """Known keys in any shape are a recipe or a list of problems that can be said."""
    said(json.dumps(value))
    said(json.dumps({"recipe": "x", "limits": value, "source": value, "about": value}))


@pytest.mark.parametrize(
    ("written", "want"),
    [
        ("500MB", 500_000_000),
        ("500 MB", 500_000_000),
        ("1MiB", 1 << 20),
        ("2gb", 2_000_000_000),
        ("1.5kB", 1500),
        ("64_000B", 64_000),
        (7, 7),
    ],
)
def test_sizes(written, want):
    """Sizes are read in powers of ten and of two."""
    assert want == bytes_of(written)


def test_a_missing_recipe_names_its_neighbour(tmp_path):
    """A slip in the file name is answered with the file that was meant."""
    (tmp_path / "sakana.yaml").write_text("recipe: x\n")
    with pytest.raises(Problems) as caught:
        load_recipe(tmp_path / "sakna.yaml")

    assert "R001" == caught.value.problems[0].code
    assert str(tmp_path / "sakana.yaml") == caught.value.problems[0].values["near"]


def test_a_shipped_recipe_is_named():
    """Somebody who asks for a shipped recipe by a wrong path is told its name."""
    with pytest.raises(Problems) as caught:
        load_recipe("elsewhere/dedup.yaml")

    assert "dedup" == caught.value.problems[0].values["near"]


def test_a_file_that_is_not_text_is_a_problem(tmp_path):
    """A folder and a file in another encoding are told, not thrown."""
    (tmp_path / "sjis.yaml").write_bytes("recipe: x\nabout: {title: 日本}\n".encode("cp932"))
    for path, code in ((tmp_path, "R006"), (tmp_path / "sjis.yaml", "R019")):
        with pytest.raises(Problems) as caught:
            load_recipe(path)

        assert code == caught.value.problems[0].code


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    """Windows editors put a mark first; the recipe is the same."""
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfrecipe: x\r\nversion: 4\r\n")

    assert 4 == load_recipe(tmp_path / "bom.yaml").version


def test_files_that_exist_are_found(tmp_path, monkeypatch):
    """Sources are looked for from the folder of the start; a near name is told."""
    (tmp_path / "crawl.jsonl").write_text("{}\n")
    monkeypatch.chdir(tmp_path)
    text = "recipe: x\nsource: [{{name: a, files: [{}]}}]\n"

    assert parse_recipe(text.format("'*.jsonl'"), files=True).source
    assert parse_recipe(text.format("s3://bucket/x"), files=True).source
    with pytest.raises(Problems) as caught:
        parse_recipe(text.format("crawl.json"), files=True)
    assert "crawl.jsonl" == caught.value.problems[0].values["near"]


def test_sources_of_the_command_line_replace_those_of_the_recipe():
    """One source called `input` takes their place; without any the recipe stays as it is."""
    recipe = parse_recipe(WHOLE)
    changed = with_sources(recipe, ["a/*.jsonl", "b"])

    assert [("input", ("a/*.jsonl", "b"), "auto", None)] == [
        (one.name, one.files, one.format, one.text) for one in changed.source
    ]
    assert recipe is with_sources(recipe, [])


def test_the_signal_to_keep_by_is_found():
    """`keep: best SIGNAL` names a signal, the other ways none."""
    best = parse_recipe("recipe: x\ndedup: {keep: best ja.hiragana_share}\n", signals=SIGNALS)
    longest = parse_recipe("recipe: x\ndedup: {}\n")

    assert best.dedup is not None
    assert longest.dedup is not None
    assert ("ja.hiragana_share", None) == (best.dedup.keep_signal, longest.dedup.keep_signal)


def test_what_signals_need_is_known():
    """A recipe says whether its signals are measured on characters or tokens."""
    recipe = parse_recipe(
        "recipe: x\n"
        "limits: {ja.hiragana_share: {min: 0}}\n"
        "release: {signals: [word.particle_share]}\n"
    )

    assert {"characters", "tokens"} == recipe.needs(SIGNALS)


def test_shipped_recipes_are_right():
    """Every recipe that comes with Seimai loads, its signals and cleaners known."""
    from seimai.pipeline.cleaner import known_cleaners
    from seimai.pipeline.recipe import shipped
    from seimai.pipeline.signal import load

    folder = shipped()
    assert folder is not None
    paths = sorted(folder.glob("*.yaml"))
    assert {"minimal", "dedup"} <= {path.stem for path in paths}
    for path in paths:
        recipe = load_recipe(path, signals=load(), cleaners=known_cleaners())
        assert path.stem == recipe.recipe


def test_every_shipped_limit_says_why():
    """Every limit of a shipped recipe has a comment: its own, or that of the block it stands in."""
    from seimai.pipeline.recipe import shipped

    for path in sorted((shipped() or Path()).glob("*.yaml")):
        rows = path.read_text("utf-8").split("\n")
        for name in load_recipe(path).limits:
            at = next(k for k, row in enumerate(rows) if row.strip().startswith(f"{name}:"))
            top = next(k for k in range(at, -1, -1) if rows[k].strip() in ("", "limits:"))
            assert any("#" in row for row in rows[top + 1 : at + 1]), f"{path.name}: {name}"


def test_loading_imports_nothing_heavy():
    """Without names to check, a recipe loads without numpy, numba, pyarrow or the filters."""
    program = (
        "import sys; from seimai.pipeline.recipe import load_recipe;"
        "print([m for m in sys.modules if m.partition('.')[0] in ('numpy', 'numba', 'pyarrow')"
        " or m.startswith('seimai.filters')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "[]" == done.stdout.strip()


def test_a_shipped_recipe_is_found_by_its_name(tmp_path, monkeypatch):
    """`web` is the shipped recipe, unless there is a file of that name here."""
    monkeypatch.chdir(tmp_path)

    assert "web" == load_recipe("web").recipe == load_recipe("web.yaml").recipe
    (tmp_path / "web.yaml").write_text("recipe: mine\nversion: 1\nlimits: {}\n", "utf-8")
    assert "mine" == load_recipe("web.yaml").recipe
    assert "web" == load_recipe("web").recipe


def test_the_shipped_sample_is_found_from_anywhere(tmp_path, monkeypatch):
    """The sample recipe reads its texts where the package has them."""
    monkeypatch.chdir(tmp_path)
    [source] = load_recipe("sample", files=True).source

    assert all(any(Path("/").glob(pattern.lstrip("/"))) for pattern in source.files)


def test_every_shipped_recipe_has_a_headline():
    """`seimai recipes` has a sentence for each."""
    assert dict.fromkeys(shipped_names(), True) == {
        name: len(headline(name)) > 20 for name in shipped_names()
    }
