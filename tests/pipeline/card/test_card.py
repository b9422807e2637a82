"""The card says what the release is, and `datasets` can open the release by it."""

from __future__ import annotations

import hashlib
import json
import warnings

import pyarrow.parquet as pq
import pytest
import yaml

from seimai.pipeline.card import schemas_of
from seimai.pipeline.card.japanese import COLUMNS, STEPS
from seimai.pipeline.card.json_ld import CONTEXT
from seimai.pipeline.card.metadata import front_matter, licence_of
from seimai.pipeline.card.sections import _COLUMNS, body
from seimai.pipeline.report.funnel import funnel, limit_text
from tests.conftest import prose, recipe_of

LIMITS = {"text.length_count": {"min": 60, "max": 100_000}, "ja.hiragana_share": {"min": 0.2}}

ABOUT = {
    "title": "試験 <script>alert(1)</script> | corpus",
    "license": "CC-BY-4.0",
    "contact": "data@example.jp",
    "collected": {"by": "acme-bot/1.2", "from": "2025-04", "to": "2025-09"},
    "personal_information": "E-mail addresses are masked.",
}


@pytest.fixture
def release(tmp_path, write_lines, curate):
    """A function that curates a few texts and gives the release and its run.json."""

    def make(**parts):
        records = [{"id": f"a{k}", "text": prose(k), "stars": k} for k in range(12)]
        records += [{"id": "short", "text": "短い。"}, {"id": "copy", "text": prose(3)}]
        settings = {"limits": LIMITS, "dedup": {}, "about": ABOUT, **parts}
        recipe = recipe_of(write_lines(tmp_path / "in.jsonl", records), **settings)
        content = curate(recipe, tmp_path / "out")
        return tmp_path / "out" / "release", content

    return make


def card(folder):
    """The metadata and the body of a card."""
    text = (folder / "README.md").read_text("utf-8")
    _, front, page = text.split("---\n", 2)
    return yaml.safe_load(front), page


def opened(folder, cache, name=None, **options):
    """The release as `datasets` opens it."""
    with warnings.catch_warnings():
        # What other libraries leave open is not ours to close.
        warnings.simplefilter("ignore")
        from datasets import load_dataset
        from datasets.utils.logging import disable_progress_bar

        disable_progress_bar()
        return load_dataset(str(folder), name, cache_dir=str(cache), **options)


def test_datasets_opens_kept_and_rejected(release, tmp_path):
    """The default configuration holds the kept texts, `rejected` the others."""
    folder, content = release()
    kept = opened(folder, tmp_path / "cache")
    rejected = opened(folder, tmp_path / "cache", "rejected")

    assert ["train"] == list(kept)
    assert content["counts"]["kept"] == kept["train"].num_rows
    assert content["counts"]["rejected"] == rejected["train"].num_rows
    assert {"text.length_count", "dedup"} == set(rejected["train"]["first_reason"])


def test_datasets_opens_a_release_without_kept_texts(release, tmp_path):
    """Columns are declared, so that an empty release can be opened as a stream."""
    folder, content = release(limits={"text.length_count": {"min": 1_000_000}})
    # Without streaming `datasets` refuses every split of zero rows, whatever is declared.
    kept = opened(folder, tmp_path / "cache", streaming=True)["train"]

    assert 0 == content["counts"]["kept"]
    assert [] == list(kept)
    assert {"id", "text", "stars", "dedup_group_size"} <= set(kept.features)


def test_without_rejects_there_is_one_configuration(release):
    """A release without rejected texts names no configuration for them."""
    folder, _ = release(release={"rejects": False})
    front, page = card(folder)

    assert ["default"] == [config["config_name"] for config in front["configs"]]
    assert "rejected texts were not published" in page


def test_metadata_tells_rows_columns_and_place(release):
    """Configurations, features and numbers are those of the files."""
    folder, content = release()
    front, _ = card(folder)
    info = {one["config_name"]: one for one in front["dataset_info"]}
    schema = pq.read_schema(folder / "data" / "train-00000-of-00001.parquet")
    values = next(one for one in info["rejected"]["features"] if one["name"] == "values")

    assert ["ja"] == front["language"]
    assert ["n<1K"] == front["size_categories"]
    assert ["text-generation"] == front["task_categories"]
    assert [{"split": "train", "path": "data/train-*"}] == front["configs"][0]["data_files"]
    assert [{"split": "train", "path": "rejected/train-*"}] == front["configs"][1]["data_files"]
    assert schema.names == [one["name"] for one in info["default"]["features"]]
    assert {"name": "values", "sequence": "float32"} == values
    assert content["counts"]["kept"] == info["default"]["splits"][0]["num_examples"]


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({}, {"license": "unknown"}),
        ({"license": "unknown"}, {"license": "unknown"}),
        ({"license": "CC-BY-4.0"}, {"license": "cc-by-4.0"}),
        ({"license": "other"}, {"license": "other"}),
        (
            {"license": "社内限り", "license_link": "https://example.jp/terms"},
            {
                "license": "other",
                "license_name": "社内限り",
                "license_link": "https://example.jp/terms",
            },
        ),
    ],
)
def test_a_licence_is_passed_on_and_never_invented(about, said):
    """Unknown stays unknown, and a licence the Hub does not know is called `other` by its name."""
    assert said == licence_of({"about": about})


def test_body_tells_figures_recipe_and_contact(release):
    """A reader finds the funnel, every limit, the recipe, what was masked, and whom to ask."""
    folder, content = release()
    _, page = card(folder)
    counts = content["counts"]

    assert f"| read | {counts['read']} | 100.0 % |" in page
    assert f"| = **kept** | {counts['kept']} |" in page
    assert "| `text.length_count` | 60 – 100,000 | 1 | 1 | 1 |" in page
    assert "```yaml\n" in page
    assert "0 items of personal data were replaced" in page
    assert "data@example.jp" in page
    assert "## 概要" in page
    assert "by acme-bot/1.2, from 2025-04, to 2025-09" in page


def test_body_says_it_in_japanese_too(release):
    """Figures, limits, columns, licence and contact stand on the same page in Japanese."""
    folder, content = release()
    _, page = card(folder)
    japanese = page.partition("## 日本語による説明")[2].partition("## Recipe")[0]
    counts = content["counts"]

    assert f"| 入力 | {counts['read']} | 100.0 % |" in japanese
    assert f"| = **採用** | {counts['kept']} |" in japanese
    assert "| `text.length_count` | 60 – 100,000 | 1 | 1 |" in japanese
    assert "| `stars` | 元データの列（そのまま） |" in japanese
    assert "個人情報0か所" in japanese
    assert "cc-by-4.0" in japanese
    assert "`url` を添えて data@example.jp まで" in japanese
    assert "<script>" not in japanese


def test_every_step_and_our_columns_have_their_japanese(release):
    """What a card tells of in English has its words in Japanese."""
    _, content = release()

    assert [step.name for step in funnel(content)] == list(STEPS)
    assert set(_COLUMNS) <= set(COLUMNS)


def test_nothing_in_the_recipe_becomes_markup(release):
    """A title is text, and a recipe with fences in its comments stays in its block."""
    folder, content = release()
    _, page = card(folder)
    fenced = body({**content, "recipe_text": "# ```\n# ````\nrecipe: x\n"}, {})

    assert "<script>" not in page.partition("## Recipe")[0]
    assert "`````yaml\n# ```\n# ````\nrecipe: x\n`````" in fenced


def test_card_knows_no_path_of_the_machine(release, tmp_path):
    """Neither README.md nor croissant.json names the folder of the run."""
    folder, _ = release()

    for name in ("README.md", "croissant.json"):
        assert str(tmp_path) not in (folder / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("rows", "bucket"),
    [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (10**6, "1M<n<10M"), (10**13, "n>1T")],
)
def test_sizes_fall_into_the_buckets_of_the_hub(release, rows, bucket):
    """The size category follows the number of kept texts."""
    folder, content = release()
    content = {**content, "counts": {**content["counts"], "kept": rows}}
    schemas = schemas_of(content, folder)
    sizes = {file["path"]: 0 for file in content["outputs"]}

    assert [bucket] == front_matter(content, schemas, sizes)["size_categories"]


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"min": 0.1}, "≥ 0.1"),
        ({"max": 200_000}, "≤ 200,000"),
        ({"min": 0.002, "max": 1}, "0.002 – 1"),
    ],
)
def test_limits_read_as_people_write_them(limit, said):
    """A limit is written as one short expression, such as 0.1 – 0.9."""
    assert said == limit_text(limit.get("min"), limit.get("max"))


# --- croissant -----------------------------------------------------------------------------


def nodes(value):
    """Every object of a JSON document."""
    if isinstance(value, dict):
        yield value
        for inside in value.values():
            yield from nodes(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from nodes(inside)


def described(folder):
    """The content of croissant.json without its context."""
    content = json.loads((folder / "croissant.json").read_text("utf-8"))
    assert content.pop("@context") == CONTEXT
    return content


def test_croissant_names_every_file_with_its_digest(release):
    """Each file is there and has the sha256 that is written."""
    folder, content = release()
    files = [one for one in described(folder)["distribution"] if one["@type"] == "cr:FileObject"]

    assert {file["path"] for file in content["outputs"]} == {file["@id"] for file in files}
    for file in files:
        data = (folder / file["contentUrl"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
        assert f"{len(data)} B" == file["contentSize"]


def test_croissant_fields_are_the_columns(release):
    """Each configuration is a record set with one field per column, lists as arrays."""
    folder, _ = release()
    sets = {one["@id"]: one for one in described(folder)["recordSet"]}
    rejected = pq.read_schema(folder / "rejected" / "train-00000-of-00001.parquet")
    fields = {one["name"]: one for one in sets["rejected"]["field"]}

    assert {"default", "rejected"} == set(sets)
    assert rejected.names == list(fields)
    assert fields["values"]["isArray"]
    assert "cr:Float32" == fields["values"]["dataType"]
    assert "sc:Text" == fields["text"]["dataType"]
    assert "cr:Int64" == fields["stars"]["dataType"]


def test_croissant_references_lead_somewhere(release):
    """Ids are unique, and whatever refers to an id finds it."""
    folder, _ = release()
    found = list(nodes(described(folder)))
    defined = [one["@id"] for one in found if "@id" in one and len(one) > 1]
    referred = {one["@id"] for one in found if set(one) == {"@id"}}

    assert len(defined) == len(set(defined))
    assert referred <= set(defined)


def test_croissant_tells_what_each_stage_did(release):
    """One PROV-O activity per stage, each after the one before, and the RAI properties we know."""
    folder, content = release()
    about = described(folder)
    activities = about["prov:wasGeneratedBy"]

    assert "http://mlcommons.org/croissant/1.1" in about["conformsTo"]
    assert ["ingest", "clean", "measure", "group", "judge", "release"] == [
        one["prov:label"] for one in activities
    ]
    assert ["source/crawl"] == [one["@id"] for one in about["prov:wasDerivedFrom"]]
    assert f"{content['counts']['kept']} kept" in activities[-1]["description"]
    assert "ja.hiragana_share (min 0.2)" in about["rai:dataManipulationProtocol"]
    assert "E-mail addresses are masked." in about["rai:personalSensitiveInformation"]
    assert ["2025-04", "2025-09"] == about["rai:dataCollectionTimeFrame"]
    assert "cc-by-4.0" == about["license"]
