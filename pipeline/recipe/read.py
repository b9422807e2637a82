"""
From a file to a `Recipe`: every mistake found, each with its file, line and column.

What YAML, the model and the names of signals have to say about a file is collected before anything
is raised, so that a user mends a recipe in one go.
"""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from seimai.pipeline.errors import Place, Problem, Problems
from seimai.pipeline.names import nearest
from seimai.pipeline.recipe.across import Across
from seimai.pipeline.recipe.buckets import SOURCE
from seimai.pipeline.recipe.faults import example_of, keys_at, problem_of
from seimai.pipeline.recipe.model import Recipe
from seimai.pipeline.recipe.packaged import locate, sample_files, shipped_names
from seimai.pipeline.recipe.places import MOST_BYTES, Written, read_places
from seimai.pipeline.recipe.places import Path as Where
from seimai.pipeline.recipe.schema import MAY_BE_BARE
from seimai.pipeline.recipe.source import Source
from seimai.pipeline.run_record import COMBINED

_WORDS_WHERE: Where = ("tokens", "where")
"""Where a recipe says of which texts the words are asked: what it looks at is known before them."""


def load_recipe(
    path: str | Path,
    *,
    signals: Collection[str] | None = None,
    cleaners: Collection[str] | None = None,
    files: bool = False,
) -> Recipe:
    """
    The recipe in a YAML file, or a shipped one by name; all mistakes are raised as `Problems`.

    `signals` (names, or the registry, which tells their ranges too) and `cleaners` are checked
    where they are given; `files` asks whether every source matches something.
    """
    path = locate(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise Problems([_missing(path)]) from None
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise Problems([Problem("R006", Place(str(path)), path=str(path), cause=cause)]) from error
    try:
        text = data[: MOST_BYTES + 1].decode(
            "utf-8-sig", "strict" if len(data) <= MOST_BYTES else "replace"
        )
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Problems([Problem("R019", Place(str(path), line))]) from error
    recipe = parse_recipe(text, str(path), signals=signals, cleaners=cleaners, files=files)
    sources = tuple(
        source.model_copy(update={"files": tuple(map(sample_files, source.files))})
        for source in recipe.source
    )
    return recipe.model_copy(update={"source": sources})


def parse_recipe(
    text: str,
    path: str = "recipe.yaml",
    *,
    signals: Collection[str] | None = None,
    cleaners: Collection[str] | None = None,
    files: bool = False,
) -> Recipe:
    """The recipe in a YAML text, as `load_recipe` reads it; `path` is what its problems name."""
    written = read_places(text, path)
    problems = list(written.problems)
    recipe = None
    if isinstance(written.data, dict):
        data = {key: value for key, value in written.data.items() if not _bare(key, value)}
        if "text" in data:  # a field of ours, but no key of the file
            del data["text"]
            known = ", ".join(keys_at(()))
            problems.append(Problem("R002", written.key(("text",)), key="text", known=known))
        if "dedup" in data and data["dedup"] is None:
            like = example_of(("dedup",))
            problems.append(Problem("R015", written.value(("dedup",)), key="dedup", like=like))
        try:
            recipe = Recipe.model_validate({**data, "text": text})
        except ValidationError as error:
            problems += [problem_of(fault, written) for fault in error.errors(include_url=False)]
        problems += _crossed(written, data)
        signals, faults = _with_models(written, recipe, signals)
        problems += faults
        problems += _names(written, data, signals, cleaners)
        if files:
            problems += _files(written, data)
    elif not problems:
        problems.append(Problem("R027", written.value(())))
    if problems or recipe is None:
        raise Problems(_sorted(problems))
    return recipe


def with_sources(recipe: Recipe, patterns: Sequence[str]) -> Recipe:
    """The recipe with its sources replaced by one, `input`, whose format and columns are found."""
    if not patterns:
        return recipe
    try:
        source = Source(name="input", files=tuple(patterns))
    except ValidationError as error:
        # What pydantic says of it holds the address, with what is secret in it.
        told = [(fault["type"], fault.get("ctx", {})) for fault in error.errors(include_url=False)]
        raise Problems(
            [Problem(code, name="--source") for code, _ in told if code == "R037"]
            or [Problem("R033", key="--source", cause=", ".join(code for code, _ in told))]
        ) from None
    return recipe.model_copy(update={"source": (source,)})


def _bare(key: Any, value: Any) -> bool:
    return value is None and key in MAY_BE_BARE


def _sorted(problems: list[Problem]) -> list[Problem]:
    """In the order of the file, each place and code once."""
    once: dict[tuple[int, int, str], Problem] = {}
    for problem in problems:
        place = problem.where or Place("")
        once.setdefault((place.line or 0, place.column or 0, problem.code), problem)
    return [once[key] for key in sorted(once)]


def _names(
    written: Written,
    data: Mapping[str, Any],
    signals: Collection[str] | None,
    cleaners: Collection[str] | None,
) -> Iterator[Problem]:
    if signals is not None:
        for path, name, limit in _limits(data):
            if name not in signals:
                yield _unknown(written.key((*path, name)), name, signals)
            elif isinstance(signals, Mapping) and isinstance(limit, dict):
                if path == _WORDS_WHERE and signals[name].needs == "tokens":
                    yield Problem("R082", written.key((*path, name)), name=name)
                yield from _within(written, (*path, name), limit, signals[name].between)
        release = data.get("release")
        chosen = release.get("signals") if isinstance(release, dict) else None
        for k, name in enumerate(chosen if isinstance(chosen, list) else ()):
            if isinstance(name, str) and name not in signals:
                yield _unknown(written.value(("release", "signals", k)), name, signals)
        buckets = data.get("buckets")
        for name, one in buckets.items() if isinstance(buckets, dict) else ():
            by = one.get("by") if isinstance(one, dict) else None
            if isinstance(by, str) and by != SOURCE and by not in signals:
                yield _unknown(written.value(("buckets", name, "by")), by, signals)
            highest = one.get("highest") if isinstance(one, dict) else None
            for part, found in highest.items() if isinstance(highest, dict) else ():
                if isinstance(found, str) and found not in signals:
                    where = ("buckets", name, "highest", part)
                    yield _unknown(written.value(where), found, signals)
        dedup = data.get("dedup")
        keep = dedup.get("keep") if isinstance(dedup, dict) else None
        for k, one in enumerate(keep if isinstance(keep, list) else [keep]):
            kind, _, name = one.partition(" ") if isinstance(one, str) else ("", "", "")
            if kind == "best" and name.strip() and name.strip() not in signals:
                path = ("dedup", "keep", k) if isinstance(keep, list) else ("dedup", "keep")
                yield _unknown(written.value(path), name.strip(), signals)
    clean = data.get("clean")
    for k, name in enumerate(clean if isinstance(clean, list) else ()):
        if cleaners is not None and isinstance(name, str) and name not in cleaners:
            near = nearest(name, cleaners)
            known = ", ".join(sorted(cleaners))
            yield Problem("R009", written.value(("clean", k)), name=name, near=near, known=known)


def _limits(data: Mapping[str, Any]) -> Iterator[tuple[Where, str, Any]]:
    """Every limit as it is written, with the keys that lead to it and the name of its signal."""
    places: list[tuple[Where, Any]] = [(("limits",), data.get("limits"))]
    combined = data.get("together")
    places += [
        (("together", k, key), one.get(key))
        for k, one in enumerate(combined if isinstance(combined, list) else ())
        if isinstance(one, dict)
        for key in ("where", "limits")
    ]
    tokens = data.get("tokens")
    places.append((_WORDS_WHERE, tokens.get("where") if isinstance(tokens, dict) else None))
    for path, limits in places:
        for name, limit in limits.items() if isinstance(limits, dict) else ():
            yield path, name, limit


def _with_models(
    written: Written, recipe: Recipe | None, signals: Collection[str] | None
) -> tuple[Collection[str] | None, list[Problem]]:
    """The signals and those of the recipe's models, and what is wrong with the models."""
    if signals is None:
        return None, []
    known: dict[str, Any] = dict(signals) if isinstance(signals, Mapping) else {}
    made, faults = _admission(written, recipe) if recipe else ({}, [])
    if written.data.get("across") is not None:
        from seimai.pipeline import across

        # Whatever else is wrong with the recipe, these names are right.
        made |= across.signals_of((recipe and recipe.across) or Across())
    known |= made
    signals = known if isinstance(signals, Mapping) else {*signals, *made}
    if recipe is None or not recipe.models:
        return signals, faults
    from seimai.pipeline.learn.columns import FAMILY, signals_of

    for name, path in recipe.models.items():
        try:
            known |= signals_of({name: path}, known)
        except Problem as fault:
            faults.append(Problem(fault.code, written.value(("models", name)), **fault.values))
    names = {*signals, *(f"{FAMILY}.{name}" for name in recipe.models)}
    return (names if faults or not isinstance(signals, Mapping) else known), faults


def _admission(written: Written, recipe: Recipe) -> tuple[dict[str, Any], list[Problem]]:
    """The signals of benchmarks, lists, opt-outs and licences, and what is wrong with those."""
    known: dict[str, Any] = {}
    faults = []
    if recipe.contamination:
        from seimai.pipeline import contamination

        for k, one in enumerate(recipe.contamination):
            try:
                known |= contamination.signals_of([one])
            except Problem as fault:
                where = written.value(("contamination", k, "files"))
                faults.append(Problem(fault.code, where, **fault.values))
    if recipe.lists or recipe.optout or recipe.licenses:
        from seimai.pipeline import provenance

        for k, listed in enumerate(recipe.lists):
            try:
                known |= provenance.signals_of(recipe.model_copy(update={"lists": (listed,)}))
            except Problem as fault:
                where = written.value(("lists", k, "files"))
                faults.append(Problem(fault.code, where, **fault.values))
        known |= provenance.signals_of(recipe.model_copy(update={"lists": ()}))
    return known, faults


def _crossed(written: Written, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Limits that cross: the model stays silent about them where another key of theirs is wrong."""
    for path, name, limit in _limits(data):
        low = _number(limit, "min")
        high = _number(limit, "max")
        if low is not None and high is not None and low > high:
            yield Problem("R007", written.key((*path, name, "min")), min=low, max=high)


def _unknown(where: Place, name: str, signals: Collection[str]) -> Problem:
    """A name that no signal has, with the nearest one and where the others are listed."""
    families = [other.partition(".")[0] for other in sorted(signals)]
    family = name.partition(".")[0]
    if family == "across":
        from seimai.pipeline import across

        if name in across.NAMES:
            return Problem("R083", where, name=name)
    told = {
        "family": f" {family}" if family in families else "",
        "count": families.count(family) or len(families),
        "families": ", ".join(dict.fromkeys(families)),
    }
    return Problem("R003", where, name=name, near=nearest(name, signals), **told)


def _within(
    written: Written, path: Where, limit: Mapping[str, Any], between: tuple[float, float]
) -> Iterator[Problem]:
    """
    Bounds beyond what the signal can be are slips: 12 was meant as 0.12.

    Either no text can pass or the bound rejects none; so does one at the very end of the range,
    where nothing to measure passes as well. Under `where` this may be meant: it asks for a number.
    """
    low, high = between
    told = {"name": path[-1], "low": _shown(low), "high": _shown(high)}
    bounds = {key: at for key in ("min", "max") if (at := _number(limit, key)) is not None}
    for key, bound in bounds.items():
        never = bound > high if key == "min" else bound < low
        if never or not low <= bound <= high:
            where = written.value((*path, key))
            code = "R024" if never else "R044"
            yield Problem(code, where, key=key, bound=f"{bound:g}", **told)
    keeps = limit.get("empty", "keep" if path[0] == COMBINED else "reject") == "keep"
    if bounds and keeps and "where" not in path[:-1] and bounds.items() <= _ends(between).items():
        yield Problem("R045", written.key(path), **told)


def _ends(between: tuple[float, float]) -> dict[str, float]:
    return {"min": between[0], "max": between[1]}


def _shown(bound: float) -> str:
    """The end of a range, in figures or as the sign that people know."""
    return f"{bound:g}".replace("inf", "∞")


def _number(limit: Any, key: str) -> float | None:
    """A bound of a limit, where the limit has one that is a number."""
    bound = limit.get(key) if isinstance(limit, dict) else None
    return bound if isinstance(bound, int | float) and not isinstance(bound, bool) else None


def _files(written: Written, data: Mapping[str, Any]) -> Iterator[Problem]:
    sources = data.get("source")
    for k, source in enumerate(sources if isinstance(sources, list) else ()):
        files = source.get("files") if isinstance(source, dict) else None
        for j, pattern in enumerate([files] if isinstance(files, str) else files or ()):
            fault = missing_source(pattern, written.value(("source", k, "files", j)))
            if fault:
                yield fault


def missing_source(pattern: Any, where: Place | None = None) -> Problem | None:
    """The problem of a local source that matches nothing, with the nearest name beside it."""
    if not isinstance(pattern, str) or "://" in pattern or "${" in pattern:
        return None
    if _any(sample_files(pattern)):
        return None
    return Problem("I001", where, source=pattern, near=_near_file(Path(pattern)))


def _any(pattern: str) -> bool:
    return Path(pattern).exists() or next(glob.iglob(pattern, recursive=True), None) is not None  # noqa: PTH207 - absolute patterns


def _near_file(path: Path) -> str | None:
    if glob.has_magic(str(path)) or not path.parent.is_dir():
        return None
    name = nearest(path.name, (other.name for other in path.parent.iterdir()))
    return str(path.parent / name) if name else None


def _missing(path: Path) -> Problem:
    near = _near_file(path) or nearest(path.stem, shipped_names())
    return Problem("R001", Place(str(path)), path=str(path), near=near)
