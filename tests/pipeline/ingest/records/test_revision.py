"""Names on the hub stand for a revision, which is what is read and remembered."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from seimai.pipeline.engine.planning import content, plan
from seimai.pipeline.ingest import find_inputs
from seimai.pipeline.ingest.records.hub import at_revision
from seimai.pipeline.job import Job
from seimai.pipeline.recipe import Recipe

hub = pytest.importorskip("huggingface_hub")


@pytest.fixture
def asked(monkeypatch):
    """What the hub was asked for; it says the last of the list `says`, or fails without one."""
    told = SimpleNamespace(says=["abc"], revisions=[])

    class Api:
        def dataset_info(self, name, revision=None, timeout=None):
            del timeout
            told.revisions.append((name, revision))
            if not told.says:
                raise OSError("no net")
            return SimpleNamespace(sha=told.says[-1])

    monkeypatch.setattr(hub, "HfApi", Api)
    return told


def _splits(tmp_path):
    source = {"name": "hub", "dataset": "who/what", "split": "train"}
    recipe = Recipe.model_validate({"recipe": "test", "source": [source]})
    return plan.find_splits(Job(recipe, tmp_path), {})


def test_a_name_is_read_at_its_revision(asked):
    """The revision is in the address, and the key is the name all the same."""
    [source] = find_inputs(["hf://datasets/who/what?split=train"])
    found = at_revision(source)

    assert "hf://datasets/who/what?split=train&revision=abc" == found.path
    assert (source.key, "abc") == (found.key, found.version)
    assert [("who/what", None)] == asked.revisions


def test_a_new_revision_is_another_input(asked, tmp_path):
    """The next run reads again where the hub has something new, and only there."""
    [first] = _splits(tmp_path)
    [same] = _splits(tmp_path)
    asked.says.append("def")
    [new] = _splits(tmp_path)

    assert first.digests == same.digests != new.digests


def test_without_a_net_it_is_read_at_every_run(asked, tmp_path):
    """What is in the cache of the library is read; nobody knows whether it is the newest."""
    asked.says.clear()
    [split] = _splits(tmp_path)

    assert (content.REREAD,) == split.digests
