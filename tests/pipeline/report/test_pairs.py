"""The report shows on both sides of the limit what was compared."""

from __future__ import annotations

from tests.conftest import ids, prose, recipe_of


def test_pairs_just_below_the_limit_stand_side_by_side(tmp_path, write_lines, curate):
    """Two texts that were compared and both stay are shown as such, with how similar they are."""
    text = prose(1, 12)
    other = text[: len(text) * 17 // 20] + prose(2, 2)
    rows = [
        {"id": "one", "text": text},
        {"id": "other", "text": other},
        {"id": "x", "text": prose(3)},
    ]
    path = write_lines(tmp_path / "in.jsonl", rows)
    # Bands that find what is far below the limit.
    recipe = recipe_of(path, dedup={"rows": 2, "bands": 40, "similarity": 0.95})
    curate(recipe, tmp_path / "out")
    page = (tmp_path / "out/release/report.html").read_text("utf-8")

    assert ["one", "other", "x"] == ids(tmp_path / "out")
    assert "両方を残した組" in page
    section = page.partition("両方を残した組")[2]
    assert "one" in section
    assert "other" in section
    assert 2 == section.partition('<div class="pair">')[2].partition("</section>")[0].count(
        ">採用側<"
    )


def test_what_the_limits_reject_is_not_shown_as_kept(tmp_path, write_lines, curate):
    """A pair of which one text is rejected says nothing of the similarity and is left out."""
    text = prose(1, 12)
    rows = [{"id": "one", "text": text}, {"id": "other", "text": text[: len(text) * 17 // 20]}]
    path = write_lines(tmp_path / "in.jsonl", rows)
    limits = {"text.length_count": {"min": len(text) - 20}}
    settings = {"rows": 2, "bands": 40, "similarity": 0.95}
    curate(recipe_of(path, dedup=settings, limits=limits), tmp_path / "out")

    assert ["one"] == ids(tmp_path / "out")
    assert "両方を残した組" not in (tmp_path / "out/release/report.html").read_text("utf-8")


def test_pairs_of_a_dropped_section_are_not_looked_for(tmp_path, write_lines, curate):
    """A run without `dedup` makes nothing of pairs that an earlier one compared: texts are gone."""
    text = prose(1, 12)
    rows = [{"id": "one", "text": text}, {"id": "other", "text": text[: len(text) * 17 // 20]}]
    path = write_lines(tmp_path / "in.jsonl", rows)
    curate(recipe_of(path, dedup={"rows": 2, "bands": 40, "similarity": 0.95}), tmp_path / "out")
    write_lines(path, rows[:1])
    curate(recipe_of(path), tmp_path / "out")

    assert ["one"] == ids(tmp_path / "out")
