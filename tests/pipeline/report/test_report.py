"""The report shows what a run did, to anybody, in both languages, and runs nobody's script."""

from __future__ import annotations

import base64
import hashlib
import re
import string
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.job import Job
from seimai.pipeline.recipe import Recipe
from seimai.pipeline.report import render
from seimai.pipeline.report.choose import CloseCall, RowAddress, look_through
from seimai.pipeline.report.histogram import Histogram, scale_of, view
from seimai.pipeline.report.markup import escape, number, percent
from seimai.pipeline.report.texts import EXCERPT, Text, excerpt, read_texts, side_by_side
from seimai.pipeline.report.words import WORDS
from tests.conftest import prose, recipe_of

HOSTILE = '</script><img src=x onerror="alert(1)"><script>alert(2)</script> &lt; \u202e\u2028\x00'

LIMITS = {"text.length_count": {"min": 60, "max": 100_000}, "ja.hiragana_share": {"min": 0.2}}

INFINITY = float("inf")


def placeholders(text: str) -> set[str]:
    """The names that a sentence wants filled."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def shards(out):
    """The shards of a run in order."""
    return sorted(path.stem for path in (out / "stages" / "verdict").glob("*.parquet"))


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text outside of tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Remember a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Remember text."""
        self.text += data


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A small run with every kind of text: its recipe, its folder and its run.json."""
    import json

    folder = tmp_path_factory.mktemp("report")
    records = [{"id": f"a{k}", "text": prose(k)} for k in range(30)]
    records += [
        {"id": "short", "text": "短い。"},
        {"id": "only-katakana-7", "text": "カタカナダケノブン" * 20},
        {"id": "copy", "text": prose(3)},
        {"id": "near", "text": prose(4, 30)},
        {"id": "nearer", "text": prose(4, 30) + "ただし、この一文だけが違う。"},
        {"id": f"<i>{HOSTILE}", "text": prose(99) + HOSTILE, "url": "javascript:alert(3)"},
        {"id": "start", "text": HOSTILE + "はひふへほまみむめもやゆよ。" * 9, "source": HOSTILE},
    ]
    lines = [json.dumps(record) for record in records]
    (folder / "in.jsonl").write_text("\n".join([*lines, "{broken"]), "utf-8")
    recipe = recipe_of(
        folder / "in.jsonl",
        about={"title": f"試験 {HOSTILE}"},
        limits=LIMITS,
        dedup={},
        expect={"kept_share": {"min": 0.5}, "any_reason_share": {"max": 0.01}},
        report={"samples": 40},
    )
    content = run(recipe, folder / "out", open_executor=in_process_executor)
    return recipe, folder / "out", content


@pytest.fixture(scope="module")
def page(finished):
    """The report of `finished`."""
    _, out, _ = finished
    return (out / "release" / "report.html").read_text("utf-8")


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_say_the_same(key):
    """Every sentence exists in both languages with the same placeholders."""
    message = WORDS[key]

    assert message.en
    assert message.ja
    assert placeholders(message.en) == placeholders(message.ja)


def test_every_sentence_is_used():
    """No sentence is left over; those chosen by a variable are found by their family."""
    from importlib import resources

    modules = resources.files("seimai.pipeline.report").iterdir()
    code = "".join(
        path.read_text("utf-8")
        for path in modules
        if path.name.endswith(".py") and path.name != "words.py"
    )
    families = set(re.findall(r"f[\"'](\w+\.\w*)\{", code))

    assert [] == [
        key
        for key in WORDS
        if not re.search(f"[\"']{re.escape(key)}[\"']", code)
        and not key.startswith(tuple(families))
    ]


# --- the page ------------------------------------------------------------------------------


def test_figures_are_those_of_the_run(page, finished):
    """The first figure is the share of characters kept, and the funnel adds up."""
    content = finished[2]
    counts, characters = content["counts"], content["characters"]
    share = f"{100 * characters['kept'] / characters['read']:.1f}"

    assert counts["read"] == counts["kept"] + counts["rejected"] + counts["quarantined"]
    assert f"<strong>{share}<small>%</small></strong>" in page
    assert f"{counts['kept']} of {counts['read']} records kept" in page
    assert f"{counts['read']}件中{counts['kept']}件を採用" in page


def test_causes_of_quarantine_are_sentences(page):
    """What could not be read says why, in both languages."""
    assert "not a JSON object" in page
    assert "JSONオブジェクトではない" in page


def test_no_text_can_run_script(page):
    """Texts, ids, sources, URLs and titles stay text: one script, ours, and no handlers."""
    elements = Elements(page)
    names = [name for name, _ in elements.tags]

    assert names.count("script") == 1
    assert "img" not in names
    assert "i" not in names
    assert not [a for _, attributes in elements.tags for a in attributes if a.startswith("on")]
    assert "alert(1)" in elements.text
    assert not set("\x00\u2028\u202e") & set(page)


def test_policy_allows_our_own_script_and_style_only(page):
    """The content security policy names the digests of the one script and the one style."""
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not [attributes for _, attributes in Elements(page).tags if "style" in attributes]


def test_page_needs_no_network(page):
    """Nothing is loaded, and every link leads to a place on the page that is there once."""
    tags = Elements(page).tags
    names = [attributes["id"] for _, attributes in tags if "id" in attributes]
    links = [attributes["href"] for _, attributes in tags if "href" in attributes]

    assert len(names) == len(set(names))
    assert links
    assert {link[:1] for link in links} == {"#"}
    assert {link[1:] for link in links} <= set(names)
    assert not [attributes for _, attributes in tags if "src" in attributes]
    assert "url(" not in page
    assert "@import" not in page


def test_page_knows_no_path_of_the_machine(page, finished):
    """Neither the folder of the run nor that of the input is in the page."""
    assert str(finished[1].parent) not in page


def test_tables_have_heads(page):
    """Every table cell stands below a head with a scope, also those that hold charts."""
    tags = Elements(page).tags
    heads = [attributes for name, attributes in tags if name == "th"]

    assert heads
    assert all(attributes.get("scope") in ("col", "row") for attributes in heads)


def test_rendering_again_gives_the_same_page(page, finished):
    """No clock and no random number: the same run gives the same page."""
    recipe, out, content = finished
    job = Job(recipe, out)
    # The page was written before its own time was known.
    known = {**content, "timings": {}}
    names = shards(out)

    assert render(job, names, known) == render(job, names, known)
    assert len(render(job, names, known)) <= len(page)


def test_all_signals_have_a_histogram_and_limits_are_drawn(page, finished):
    """A figure per signal that was measured; those with a limit show it."""
    recipe, out, _ = finished
    found = look_through(Job(recipe, out), shards(out))

    assert set(recipe.limits) <= set(found.histograms)
    for name in found.histograms:
        assert f'id="signal-{name}"' in page
    assert 'class="limit-label"' in page
    assert "≥ 0.2</text>" in page
    assert "≤ 100,000</text>" in page


def test_signals_are_described_in_both_languages(page):
    """Under each histogram stands what the signal is; the style sheet shows one language."""
    shown = re.findall(r'<p class="doc">(.*?)</p>', page)

    assert len(shown) > 100
    assert all('lang="en"' in text and re.search('lang="ja">.*[ぁ-ん]', text) for text in shown)
    assert any("{}=$#" in text for text in shown)  # braces are no placeholders


def test_no_samples_means_no_texts(finished):
    """With `samples: 0` the page holds neither a text nor an id."""
    recipe, out, content = finished
    silent = Recipe.model_validate({**recipe.model_dump(), "report": {"samples": 0}})
    page = render(Job(silent, out), shards(out), content)

    assert "<blockquote" not in page
    assert "番目の話" not in page
    assert "only-katakana-7" not in page
    assert "samples: 0" in page
    assert 'class="limit-label"' in page


def test_an_empty_run_has_a_report(tmp_path, write_lines, curate):
    """Where nothing was read the page says so instead of failing."""
    curate(recipe_of(write_lines(tmp_path / "in.jsonl", []), limits=LIMITS), tmp_path / "out")
    page = (tmp_path / "out" / "release" / "report.html").read_text("utf-8")

    assert "<strong>0.0<small>%</small></strong>" in page
    assert "No text was rejected." in page


def test_word_signals_are_shown_for_tokenized_texts(tmp_path, write_lines, curate, own_signals):
    """A word signal's histogram counts only the texts whose words were measured."""
    texts = [{"text": prose(k)} for k in range(5)] + [{"text": "短い。"}]
    recipe = recipe_of(
        write_lines(tmp_path / "in.jsonl", texts),
        limits={"test.length_count": {"min": 10}, "test.word_count": {"min": 1}},
    )
    curate(recipe, tmp_path / "out", filters=(own_signals,))
    page = (tmp_path / "out" / "release" / "report.html").read_text("utf-8")

    assert "measured on 5 of 6 texts" in page


def test_words_that_an_earlier_recipe_asked_for_do_not_count(
    tmp_path, write_lines, curate, own_signals
):
    """Word signals are counted for the texts whose words these limits asked, run before or not."""
    texts = [{"text": prose(k)} for k in range(5)] + [{"text": "米を炊く。" * 3}]
    source = write_lines(tmp_path / "in.jsonl", texts)
    out = tmp_path / "out"
    for shortest in (10, 20):
        limits = {"test.length_count": {"min": shortest}, "test.word_count": {"min": 1}}
        curate(recipe_of(source, limits=limits), out, filters=(own_signals,))

    assert "measured on 5 of 6 texts" in (out / "release" / "report.html").read_text("utf-8")


# --- the choice of texts -------------------------------------------------------------------


def test_close_calls_are_the_nearest_on_both_sides(tmp_path, write_lines, curate):
    """The texts shown around a limit are those whose numbers are nearest to it."""
    texts = [{"id": f"t{n}", "text": "あ" * n} for n in (5, 50, 57, 59, 60, 62, 70, 900)]
    recipe = recipe_of(
        write_lines(tmp_path / "in.jsonl", texts),
        limits={"text.length_count": {"min": 60}},
        report={"samples": 8},
    )
    out = tmp_path / "out"
    curate(recipe, out)
    found = look_through(Job(recipe, out), shards(out))

    def values(*, outside: bool) -> list[float]:
        call = CloseCall("text.length_count", "min", outside)
        return [one.value for one in found.close[call]]

    assert [59, 57] == values(outside=True)
    assert [60, 62] == values(outside=False)


def test_samples_do_not_depend_on_the_order_of_the_input(tmp_path, write_lines, curate):
    """Texts are chosen by their ids: another order of the input shows the same ones."""
    records = [{"id": f"id-{k}", "text": prose(k)} for k in range(60)]
    shown = []
    for name, order in (("one", records), ("two", records[::-1])):
        recipe = recipe_of(write_lines(tmp_path / f"{name}.jsonl", order), limits=LIMITS)
        out = tmp_path / name
        curate(recipe, out)
        job, names = Job(recipe, out), shards(out)
        found = look_through(job, names)
        texts = read_texts(job, names, [one.place for one in found.kept])
        shown.append([texts[one.place].id for one in found.kept])

    assert shown[0] == shown[1]
    assert recipe.report.samples == len(shown[0])


def test_duplicates_stand_side_by_side(page, finished):
    """The keeper and what was left out for it are shown with what differs marked."""
    recipe, out, _ = finished
    found = look_through(Job(recipe, out), shards(out))

    assert 2 == sum(found.sizes.values())
    assert "<mark>ただし、この一文だけが違う。</mark>" in page
    assert "similarity 1.000" in page


def test_highlights_come_from_the_signal(tmp_path, write_lines, curate, clean_registry):
    """A rejected sample marks the spans that its reason names; a broken highlight is told."""
    del clean_registry
    own = tmp_path / "own.py"
    own.write_text(
        "import numpy as np\n"
        "from seimai.pipeline.signal import signal\n"
        "def spans(text):\n"
        "    start = text.index('悪い')\n"
        "    return [(start, start + 2)]\n"
        "@signal('test.bad_count', between=(0, np.inf), where=spans)\n"
        "def bad_count(texts):\n"
        "    '''How often a text says that something is bad.'''\n"
        "    return texts.length % 2\n",
        "utf-8",
    )
    rows = [{"id": "odd", "text": "よ" * 300 + "悪い" + "ね"}, {"id": "none", "text": "よくない。"}]
    recipe = recipe_of(
        write_lines(tmp_path / "in.jsonl", rows), limits={"test.bad_count": {"max": 0}}
    )
    curate(recipe, tmp_path / "out", filters=(str(own),))
    page = (tmp_path / "out" / "release" / "report.html").read_text("utf-8")

    assert "<mark>悪い</mark>" in page
    assert "could not be highlighted: test.bad_count: ValueError" in page


def a_text(text: str) -> Text:
    """A text without a history."""
    return Text("id", "crawl", None, text, len(text), (), np.nan)


@given(
    st.text(max_size=600),
    st.lists(st.tuples(st.integers(-5, 700), st.integers(-5, 700)), max_size=5),
)
def test_excerpts_are_parts_of_the_text(text, spans):
    """Whatever the spans, the pieces are a stretch of the text, cut where they say so."""
    cut = excerpt(a_text(text), spans)
    shown = "".join(piece for piece, _ in cut.pieces)

    assert shown in text
    assert len(shown) <= EXCERPT
    assert cut.cut_before or text.startswith(shown)
    assert cut.cut_after or text.endswith(shown)


@given(st.text(max_size=400), st.text(max_size=400))
def test_what_is_not_marked_is_the_same_on_both_sides(one, other):
    """The parts of a pair that are not marked are equal."""
    left, right = side_by_side(a_text(one), a_text(other))

    def plain(cut):
        return "".join(piece for piece, is_marked in cut.pieces if not is_marked)

    assert plain(left) == plain(right)


def test_texts_are_read_by_their_place(finished):
    """A place names the same row in the text and in the verdict."""
    recipe, out, _ = finished
    names = shards(out)
    place = RowAddress(0, 30)
    text = read_texts(Job(recipe, out), names, [place])[place]

    assert "short" == text.id
    assert "短い。" == text.text
    assert ("text.length_count", 3.0) in text.reasons


# --- histograms ----------------------------------------------------------------------------

NUMBERS = st.lists(st.one_of(st.floats(0, 1, width=32), st.just(float("nan"))), max_size=80)


@pytest.mark.parametrize(
    "between", [(0, 1), (0, 12), (0, INFINITY), (1, INFINITY), (-INFINITY, INFINITY)]
)
@given(NUMBERS, st.floats(0.0078125, 1, width=32))
def test_histograms_lose_nothing(between, numbers, bound):
    """Every number is drawn, below the axis as zero, beyond it, or counted as empty."""
    values = np.array(numbers, np.float32)
    kept = values > 0.5
    histogram = Histogram(scale_of(between))
    for part in np.array_split(np.arange(values.size), 3):
        histogram.add(values[part], kept[part])
    shown = view(histogram, [bound])

    assert values.size == histogram.texts + histogram.empty
    if shown is None:
        assert 0 == histogram.texts
        return
    assert histogram.texts == shown.all.sum() + shown.zero[0] + shown.beyond
    assert (shown.kept <= shown.all).all()
    assert shown.low <= shown.scale.place(np.array([bound], np.float32))[0] <= shown.high


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=80), st.floats(0.01, 0.99))
def test_quantiles_are_as_exact_as_a_bin(numbers, share):
    """A quantile differs from the true one by no more than the width of a bin."""
    values = np.array(numbers, np.float32)
    histogram = Histogram(scale_of((0, 1)))
    histogram.add(values, np.ones(values.size, bool))
    true = np.sort(values)[max(int(np.ceil(share * values.size - 1e-9)) - 1, 0)]

    assert histogram.quantiles([share])[0] == pytest.approx(true, abs=0.0011)


def test_infinite_numbers_are_counted():
    """A signal may give infinity; it lands in the last bin."""
    histogram = Histogram(scale_of((0, INFINITY)))
    histogram.add(np.array([INFINITY, 5], np.float32), np.array([True, False]))

    assert 2 == histogram.texts
    assert 1 == histogram.all[-1]


# --- markup --------------------------------------------------------------------------------


@given(st.text())
def test_escaped_text_holds_no_markup(text):
    """Nothing that opens a tag, closes a quote or turns the line is left."""
    safe = escape(text)

    assert not set(safe) & set("<>\"'\x00\u2028\u202e")
    assert "&" not in re.sub(r"&(?:amp|lt|gt|quot|#x27);", "", safe)


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0.0%"), (0.5, "50.0%"), (0.0001, "&lt;0.1%"), (1, "100.0%")]
)
def test_small_shares_do_not_read_as_zero(value, said):
    """A share has one decimal, and what is there never reads as nothing."""
    assert said == percent(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.09971, "0.0997"), (1234.4, "1,234"), (float("nan"), "–"), (1e-6, "1.0e-06")],
)
def test_numbers_are_as_long_as_needed(value, said):
    """Numbers have three digits that matter, and whole ones have no decimals."""
    assert said == number(value)
