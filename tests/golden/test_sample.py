"""The shipped sample gets the verdicts that its authors expect."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from seimai.pipeline.cli.outcome import summary
from seimai.pipeline.engine.run import run
from seimai.pipeline.messages import use_language
from seimai.pipeline.recipe import load_recipe
from seimai.pipeline.report.funnel import expectations

ROOT = Path(__file__).parents[2]
EXPECTED = [
    json.loads(line)
    for line in (ROOT / "configs" / "sample" / "expected.jsonl").read_text("utf-8").splitlines()
]
TEXTS = [one for one in EXPECTED if one["verdict"] != "quarantined"]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """All released rows by id, each with its `verdict`; and `run.json` under the key "run"."""
    monkey = pytest.MonkeyPatch()
    monkey.chdir(ROOT)
    out = tmp_path_factory.mktemp("sample")
    recipe = load_recipe("configs/sample.yaml", signals=None, cleaners=None)
    rows: dict[str, dict[str, Any]] = {"run": run(recipe, out, workers=1)}
    monkey.undo()
    for folder, verdict in (("data", "kept"), ("rejected", "rejected")):
        for path in (out / "release" / folder).glob("*.parquet"):
            rows |= {
                row["id"]: row | {"verdict": verdict} for row in pq.read_table(path).to_pylist()
            }
    return rows


@pytest.mark.parametrize("expected", TEXTS, ids=[one["id"] for one in TEXTS])
def test_verdict(expected: dict[str, Any], released: dict[str, dict[str, Any]]) -> None:
    """Every text of the sample is kept or rejected as expected, and cleaned as expected."""
    row = released[expected["id"]]
    folded = "".join(unicodedata.normalize("NFKC", row["text"]).split())

    assert expected["verdict"] == row["verdict"], row.get("reasons")
    assert expected.get("duplicate_of") == row.get("duplicate_of")
    for part in expected.get("must_not_contain", []):
        assert part not in row["text"]
    for part in expected.get("must_contain", []):
        assert "".join(unicodedata.normalize("NFKC", part).split()) in folded


@pytest.mark.parametrize(("language", "page"), [("en", "README.md"), ("ja", "README.ja.md")])
def test_the_first_screen_of_the_readme_is_what_is_printed(
    language: str, page: str, released: dict[str, dict[str, Any]]
) -> None:
    """Funnel, formats, reasons and expectations of `make run` stand in both READMEs as they are."""
    recipe = load_recipe(ROOT / "configs" / "sample.yaml")
    use_language(language)
    checks = expectations(recipe.expect, released["run"])
    printed = summary(released["run"], checks, Path("out/sample"), 10.0)
    shown = (ROOT / page).read_text("utf-8").split("```")[1].splitlines()
    # Where things lie, and how long it took, depends on the machine.
    stable = [line for line in printed if "out/sample" not in line][:-1]

    assert len(stable) > 20
    assert [] == [line for line in stable if line not in shown]


def test_nothing_is_lost(released: dict[str, dict[str, Any]]) -> None:
    """Every record of the sample is kept, rejected or quarantined, and nothing else comes out."""
    counts = released["run"]["counts"]
    verdicts = [one["verdict"] for one in EXPECTED]

    assert len(EXPECTED) == counts["read"]
    assert verdicts.count("kept") == counts["kept"]
    assert verdicts.count("rejected") == counts["rejected"]
    assert verdicts.count("quarantined") == counts["quarantined"]
    assert {one["id"] for one in TEXTS} == set(released) - {"run"}


def test_sample_has_the_limits_of_web() -> None:
    """`sample.yaml` shows what `web.yaml` does: the same cleaners, limits and duplicates."""
    sample, web = (
        yaml.safe_load((ROOT / "configs" / name).read_text("utf-8"))
        for name in ("sample.yaml", "web.yaml")
    )

    for key in ("clean", "limits", "together", "dedup", "tokens"):
        assert web.get(key) == sample.get(key)
    assert list(web["limits"]) == list(sample["limits"])
