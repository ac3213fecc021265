"""The evidence bundle of a run: all that proves it on another machine, in one file that says of itself what it holds (in-toto, v1)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING

from planning_check import keeping
from planning_check.errors import Place, Text, UsageError
from planning_check.pipeline.rederiving import SAME, Sources, file_points, rule_points, sources_of
from planning_check.pipeline.sealed_zip import Sealing, sealing
from planning_check.pipeline.verifying import recorded_points

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from planning_check.record.run import StoredRun
    from planning_check.store import Head

STATEMENT, MAPPING, RULES, INPUTS = "statement.json", "mapping.yaml", "rules", "inputs"
_TYPE, _PREDICATE, _FORMAT = "https://in-toto.io/Statement/v1", "urn:x-planning-check:evidence-bundle:v1", 1
_CHUNK = 1 << 20
#: The tool's own databases, which may lie beside what is delivered.
_OWN = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".sqlite-journal")


@dataclass(frozen=True)
class Bundled:
    """What was written: the run, the head of its log, the members by digest."""

    run: StoredRun
    head: Head | None
    members: Mapping[str, str]


def bundle(
    db_url: str, target: Path, run: int | str | None = None, *, with_inputs: bool = False, paths: Sequence[Path] = (),
    rule_dirs: Sequence[Path] = (),
) -> Bundled:  # fmt: skip
    """Write the bundle of a run (the latest if none is named) to a path where nothing is yet. ``with_inputs``: with the files of the
    delivery, else only their digests. ``paths``, ``rule_dirs``: where they are now.

    Raises UsageError for a run that is not as it was recorded, and where a file or rule of then is not there or another.
    """
    from planning_check import store

    with store.reading(db_url) as engine, keeping.nothing_kept():
        stored = store.load_run(engine, run)
        sources = sources_of(stored, paths, rule_dirs)
        _refuse_changed(engine, stored, sources, with_inputs=with_inputs)
        head = store.head(engine, stored.series)
        with sealing(target) as made:
            delivered = _add_inputs(made, stored, sources.paths) if with_inputs else []
            for name, pieces in told_members(engine, stored):
                made.add(name, pieces)
            for name, path in sorted(rule_members(stored, sources.folders)):
                made.add(name, _bytes_of(path))
            members = dict(made.digests)
            made.add(STATEMENT, [statement(stored, head, members, delivered)])
    return Bundled(stored, head, members)


def statement(run: StoredRun, head: Head | None, members: Mapping[str, str], delivered: Sequence[str]) -> bytes:
    """What a bundle says of itself: every other member with its digest, and what it is the evidence of."""
    from planning_check.store.models import SCHEMA_VERSION

    told = {
        "_type": _TYPE,
        "subject": [{"name": name, "digest": {"sha256": sha256}} for name, sha256 in members.items()],
        "predicateType": _PREDICATE,
        "predicate": {
            "format": _FORMAT, "shape": SCHEMA_VERSION, "tool_version": run.tool_version,
            "run": {"id": run.id, "series": run.series, "as_of": run.as_of.isoformat(), "created_at": run.created_at, "digest": run.digest,
                    "root": run.root},
            "head": {"series": head.series, "seq": head.seq, "hash": head.hash} if head else None,
            "inputs": {"files": run.manifest.get("inputs") or {}, "delivered": list(delivered)}, "rules": run.manifest.get("rules") or {},
        },
    }  # fmt: skip
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def told_members(engine: Engine, run: StoredRun) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The members that a database tells: the run, its roots, its log, its tables, its mapping; in their order."""
    from planning_check.store.lines import LOG_LINES, ROOT_LINES, RUN_LINE, lines, members

    mapping = run.manifest.get("mapping")
    if mapping:
        yield MAPPING, iter([mapping["text"].encode("utf-8")])
    with engine.connect() as connection:
        for name in (RUN_LINE, ROOT_LINES, LOG_LINES, *members()):
            yield name, (f"{line}\n".encode() for line in lines(connection, run.id, name))


def rule_members(run: StoredRun, folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """The rule files that judged, folder by folder, by the names under which they go into the bundle."""
    from planning_check.rulebook.loading import rule_files

    recorded = run.manifest.get("rules") or {}
    for number, folder in enumerate(folders):
        for path in rule_files(folder):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            if name in recorded:
                yield f"{RULES}/{number}/{name}", path


def _refuse_changed(engine: Engine, run: StoredRun, sources: Sources, *, with_inputs: bool) -> None:
    """Nothing is handed over as evidence that is not: neither a changed record nor other files."""
    points = list(recorded_points(engine, run))
    points += rule_points(run, sources)[1]
    points += file_points(run, sources.paths) if with_inputs else []
    wrong = next((point for point in points if point.state != SAME), None)
    if wrong is not None:
        raise UsageError(
            Text("这次检查现在不能作为证据", "the run cannot be handed over as evidence as it is"), why=wrong.said,
            fix=wrong.fix or Text("用 planning-check verify 看是哪里", "planning-check verify says where"),
        )  # fmt: skip


def _add_inputs(made: Sealing, run: StoredRun, paths: Sequence[Path]) -> list[str]:
    """The delivery, by names that tell files apart as they did; the names of its folders and files."""
    names = _names(run, paths)
    found = {f"{INPUTS}/{name}": path for told, top in zip(names, paths, strict=True) for name, path in _files(PurePosixPath(told), top)}
    for name in sorted(found):
        made.add(name, _bytes_of(found[name]))
    return names


def _names(run: StoredRun, paths: Sequence[Path]) -> list[str]:
    from planning_check.ingest.delivery import as_text

    told = [PurePath(path).name for path in run.manifest.get("delivered_at") or ()]
    names = told if len(told) == len(paths) else [as_text(path.resolve().name) for path in paths]
    if len(set(names)) == len(names):
        return names
    above = os.path.commonpath([path.resolve().parent for path in paths])
    return [as_text(path.resolve().relative_to(above).as_posix()) for path in paths]


def _files(name: PurePosixPath, top: Path) -> Iterator[tuple[PurePosixPath, Path]]:
    """What a check reads of a folder, or of a file and those beside it that are called as it is; by names that begin with the top's."""
    from planning_check.ingest.delivery import as_text

    if not top.is_dir():
        stem = top.name.split(".")[0]
        beside = (one for one in sorted(top.parent.iterdir()) if one.name.split(".")[0] == stem and one.name != top.name)
        yield name, top
        yield from ((name.with_name(as_text(one.name)), one) for one in beside if one.is_file() and not one.name.endswith(_OWN))
        return
    for one in sorted(top.iterdir()):
        if one.name.startswith((".", "~$")) or one.name.endswith(_OWN):
            continue
        if one.is_symlink() or not (one.is_dir() or one.is_file()):
            raise UsageError(
                Text("报送里有链接、管道或设备，放不进证据包", "the delivery holds a link, a pipe or a device, which cannot be bundled"),
                where=Place(str(one)), fix=Text("不带报送文件，只带它们的摘要", "leave out the files of the delivery; their digests are in it"),
            )  # fmt: skip
        inner = name / as_text(one.name)
        if one.is_dir():
            yield from _files(inner, one)
        else:
            yield inner, one


def _bytes_of(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            yield block
