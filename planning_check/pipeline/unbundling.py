"""Proving a bundle: what it says of itself, its rows and its log in a database of their own, and its files checked anew."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check import keeping
from planning_check.errors import Place, Text, UsageError
from planning_check.pipeline.bundling import INPUTS, RULES, STATEMENT, rule_members, statement, told_members
from planning_check.pipeline.rederiving import DIFFERS, SAME, UNPROVED, Point, Sources, derived_anew, rule_points
from planning_check.pipeline.sealed_zip import unsealed
from planning_check.pipeline.verifying import Verdict, given_points, recorded_points, run_name

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from planning_check.record.run import StoredRun
    from planning_check.store import Head


def verify_bundle(
    path: Path, *, paths: Sequence[Path] = (), roots: Sequence[str] = (), heads: Sequence[Head] = (), threads: int | None = None,
    memory: str | None = None,
) -> Verdict:  # fmt: skip
    """Prove the run in a bundle, without the database that it came from. ``paths``: the delivery, where it is not in the bundle;
    ``roots``, ``heads``: as they stand on paper. Raises UsageError for a file that no bundle can be."""
    from planning_check import store

    name = Text(f"证据包 {path.name}", f"Bundle {path.name}")
    with tempfile.TemporaryDirectory(prefix="planning_check_bundle.", ignore_cleanup_errors=True) as made:
        folder = Path(made) / "bundle"
        folder.mkdir()
        members = unsealed(path, folder)
        told = _statement(path, folder, members)
        if wrong := list(_members(told, members)):
            return Verdict(name, tuple(wrong))
        beside = f"sqlite:///{Path(made).as_posix()}/bundle.sqlite"
        if (broken := _put(beside, folder, members)) is not None:
            return Verdict(name, (broken,))
        with store.reading(beside) as engine:
            run = store.load_run(engine)
            delivered = [folder / INPUTS / one for one in told["predicate"]["inputs"]["delivered"]]
            sources = Sources(list(paths) or delivered, _folders(folder / RULES), threads, memory)
            points = list(_contents(engine, run, folder, members, sources, told))
            if not points:
                points += [Point(SAME, Text(f"文件 {len(members)} 个", f"members: {len(members)}")), *given_points(run, roots)]
                points += recorded_points(engine, run, heads, alone=True)
                points += _derived(engine, run, sources)
    return Verdict(Text(f"{name.zh}：{run_name(run).zh}", f"{name.en}: {run_name(run).en}"), tuple(points))


def _statement(path: Path, folder: Path, members: Mapping[str, str]) -> dict[str, Any]:
    """What the bundle says of itself, as far as it must be understood."""
    from planning_check.store.models import SCHEMA_VERSION

    try:
        told = json.loads((folder / STATEMENT).read_text("utf-8"))
        for subject in told["subject"]:
            _ = subject["name"] + subject["digest"]["sha256"]
        shape, delivered = told["predicate"]["shape"], told["predicate"]["inputs"]["delivered"]
        if not all(any(name == f"{INPUTS}/{one}" or name.startswith(f"{INPUTS}/{one}/") for name in members) for one in delivered):
            raise ValueError(delivered)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(
            Text("这个文件不是证据包", "the file is no bundle"), where=Place(str(path)),
            fix=Text("证据包由 planning-check bundle 写出", "planning-check bundle writes one"),
        ) from error  # fmt: skip
    if shape != SCHEMA_VERSION:
        raise UsageError(
            Text(f"证据包的格式为第 {shape} 版，本程序用第 {SCHEMA_VERSION} 版", f"the bundle has shape {shape}, this program uses {SCHEMA_VERSION}"),
            where=Place(str(path)), fix=Text("用写出它的版本核对", "verify it with the version that wrote it"),
        )  # fmt: skip
    return told


def _members(told: Mapping[str, Any], members: Mapping[str, str]) -> Iterator[Point]:
    """The first member that is not as the statement tells it."""
    stated = {subject["name"]: subject["digest"]["sha256"] for subject in told["subject"]}
    there = [name for name in members if name != STATEMENT]
    for name, sha256 in stated.items():
        if name not in members:
            yield Point(DIFFERS, Text(f"{name}：不在了", f"{name}: it is gone"))
        elif members[name] != sha256:
            yield Point(DIFFERS, Text(f"{name}：内容改过", f"{name}: its contents were changed"))
    for name in there:
        if name not in stated:
            yield Point(DIFFERS, Text(f"{name}：是后加的", f"{name}: it was added"))
    yield from _moved(there, list(stated))


def _moved(there: Sequence[str], known: Sequence[str]) -> Iterator[Point]:
    """The first of the members that stands in another place, where none is lacking or added."""
    moved = next((name for name, other in zip(there, known, strict=False) if name != other), None)
    if set(there) == set(known) and moved is not None:
        yield Point(DIFFERS, Text(f"{moved}：换了位置", f"{moved}: it changed its place"))


def _put(address: str, folder: Path, members: Mapping[str, str]) -> Point | None:
    """The rows into a database of their own; what is no row."""
    from planning_check import store
    from planning_check.store.connecting import recording
    from planning_check.store.lines import NoLine, Texts, put

    engine = store.open_store(address)
    try:
        with recording(engine) as connection:
            put(connection, Texts(folder, members))
    except NoLine as error:
        return Point(
            DIFFERS,
            Text(f"{error.member} 第 {error.number} 行：不是这次检查的一行", f"{error.member}, line {error.number}: no row of a run"),
        )
    finally:
        engine.dispose()
    return None


def _contents(
    engine: Engine, run: StoredRun, folder: Path, members: Mapping[str, str], sources: Sources, told: Mapping[str, Any]
) -> Iterator[Point]:
    """Every member that the rows, the log and the rules tell, made again: the first line of each that is another; and what none of them
    tells."""
    from planning_check import store

    known = sorted(name for name in members if name.startswith(f"{INPUTS}/") and told["predicate"]["inputs"]["delivered"])
    for name, pieces in told_members(engine, run):
        known.append(name)
        if name not in members:
            yield Point(DIFFERS, Text(f"{name}：不在了", f"{name}: it is gone"))
        elif (number := _first_other(folder / name, pieces)) is not None:
            yield Point(
                DIFFERS, Text(f"{name} 第 {number} 行：改过、换了位置或是后加的", f"{name}, line {number}: changed, moved or added")
            )
    rules = dict(sorted(rule_members(run, sources.folders)))
    yield from _rule_files(run, rules)
    known += [*rules, STATEMENT]
    for name in members:
        if name not in known:
            yield Point(DIFFERS, Text(f"{name}：不属于这次检查", f"{name}: it is no part of the run"))
    yield from _moved(list(members), known)
    rest = {name: sha256 for name, sha256 in members.items() if name != STATEMENT}
    made = statement(run, store.head(engine, run.series), rest, told["predicate"]["inputs"]["delivered"])
    if (folder / STATEMENT).read_bytes() != made:
        yield Point(DIFFERS, Text(f"{STATEMENT}：说的不是这次检查", f"{STATEMENT}: it tells of another run than the rows"))


def _rule_files(run: StoredRun, rules: Mapping[str, Path]) -> Iterator[Point]:
    """The rule files against the digests that the run has of them."""
    from planning_check.rulebook.loading import digest_of

    now: dict[str, str] = {}
    for member, path in rules.items():
        name = member.split("/", 2)[2]
        now[name] = digest_of(path, now.get(name, ""))
    for name, sha256 in (run.manifest.get("rules") or {}).items():
        if now.get(name) != sha256:
            yield Point(DIFFERS, Text(f"规则文件 {name}：不是当时的那一个", f"rule file {name}: not the one of then"))


def _first_other(path: Path, pieces: Iterator[bytes]) -> int | None:
    """The number of the first line that is not the one made again."""
    with path.open("rb") as file:
        made = (line for piece in pieces for line in piece.splitlines(keepends=True))
        return next((number for number, (one, other) in enumerate(zip_longest(file, made), 1) if one != other), None)


def _folders(rules: Path) -> list[Path]:
    """The folders of the rules, in the order in which they are laid over each other."""
    numbered = sorted((one for one in rules.glob("*") if one.name.isdecimal()), key=lambda one: int(one.name))
    return [inner for one in numbered for inner in sorted(one.iterdir())]


def _derived(engine: Engine, run: StoredRun, sources: Sources) -> Iterator[Point]:
    if sources.paths:
        yield from derived_anew(engine, run, sources)
        return
    with keeping.nothing_kept():
        yield from rule_points(run, replace(sources, paths=()))[1]
    yield Point(UNPROVED, Text("证据包里没有报送的文件：结果没有重新推导，没有证明", "the files of the delivery are not in the bundle: the outcomes "
                               "were not derived again and are not proved"),
                Text("用 --inputs 指明它们，或要一份 --with-inputs 的", "name them with --inputs, or ask for a bundle --with-inputs"))  # fmt: skip
