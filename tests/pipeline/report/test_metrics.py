"""Metrics: what Prometheus reads is what `run.json` counts, and a failed run says so."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from seimai.pipeline.cli import main
from seimai.pipeline.errors import Problem
from seimai.pipeline.report.metrics import write_metrics
from tests.conftest import prose

RECIPE = """\
recipe: counted
source: [{{name: n, files: [{path}]}}]
limits: {{text.length_count: {{min: 50}}}}
"""


def _values(path):
    """All samples of a metrics file, by name and labels."""
    families = text_string_to_metric_families(path.read_text("utf-8"))
    return {
        (one.name, *sorted(one.labels.items())): one.value
        for family in families
        for one in family.samples
    }


def test_counts_are_those_of_the_run(tmp_path, write_lines, monkeypatch, capsys):
    """Kept, rejected and quarantined, each source and each reason."""
    monkeypatch.chdir(tmp_path)
    write_lines(tmp_path / "in.jsonl", [{"text": prose(1)}, {"text": "短い。"}, "{"])
    (tmp_path / "r.yaml").write_text(RECIPE.format(path="in.jsonl"))
    file = tmp_path / "metrics/seimai.prom"

    main(["run", "r.yaml", "--out", "out", "--metrics", str(file), "--quiet"])

    found = _values(file)
    recipe = ("recipe", "counted")
    texts = {
        outcome: found["seimai_run_texts", ("outcome", outcome), recipe]
        for outcome in ("read", "kept", "rejected", "quarantined")
    }
    assert {"read": 3, "kept": 1, "rejected": 1, "quarantined": 1} == texts
    assert 1 == found["seimai_run_reason_texts", ("reason", "text.length_count"), recipe]
    assert 1 == found["seimai_run_quarantined_records", ("cause", "json"), recipe]
    assert 1 == found["seimai_run_source_texts", ("outcome", "kept"), recipe, ("source", "n")]
    assert found["seimai_run_end_timestamp_seconds", recipe] > 1.7e9
    capsys.readouterr()


def test_a_run_that_comes_to_nothing_is_not_ok(tmp_path, monkeypatch, capsys):
    """No release, but an alarm can see that somebody has to look."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text("{}\n")
    (tmp_path / "r.yaml").write_text(RECIPE.format(path="in.jsonl"))
    (tmp_path / "out").write_text("in the way")

    assert 0 != main(["run", "r.yaml", "--out", "out", "--metrics", "m.prom"])

    assert 0 == _values(tmp_path / "m.prom")["seimai_run_ok", ("recipe", "counted")]
    capsys.readouterr()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    """`--metrics` with a path that cannot be written is a problem that names it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as found:
        write_metrics(tmp_path / "file/m.prom", "r", None, ok=True)
    assert "O015" == found.value.code
