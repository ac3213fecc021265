"""Writing the reports of a recorded run into a folder."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from planning_check.errors import Place, Text, UsageError
from planning_check.pipeline.placing import check_place, is_beside, made_beside, put_in_place
from planning_check.words import REPORT_PARTS

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from planning_check.record.finding import Finding
    from planning_check.report.told.pack import Pack
    from planning_check.store import StoredRun, Told

#: Part -> module of ``report`` whose ``write(pack, folder, lang)`` gives the paths it wrote.
_WRITERS = {part: f"planning_check.report.{part}" for part in REPORT_PARTS} | {"tables": "planning_check.report.tables.folder"}
MANIFEST = "manifest.json"
_ALL_LINES = 1_000_000_000


@dataclass(frozen=True)
class Report:
    """A folder of reports: the run, and each file with its bytes and SHA-256, in order."""

    run_id: int
    folder: Path
    files: tuple[tuple[str, int, str], ...]


def report(
    db_url: str, run: int | str | None = None, *, folder: Path | None = None, langs: Sequence[str] = ("zh",), parts: Sequence[str] = (),
    force: bool = False, templates: Path | None = None, progress: Callable[[str, float | None], None] | None = None,
    bureau: str | None = None, marginal: bool = False,
) -> Report:  # fmt: skip
    """Write the reports of a run (the latest if none is named) in these languages; without ``parts`` all of them.
    ``bureau``: in their place one workbook with what that bureau must act on, supply or correct.

    The folder (``report_run<N>`` if none is named) takes its place when everything in it is whole. One that holds files is refused without
    ``force``. With it the files of an earlier report give way; a file that somebody changed since, or put there, is never replaced: it is
    named and nothing is written (UsageError). Identical runs with identical logs give identical bytes: the head of the log is printed.
    ``templates``: a folder whose templates of notices take the place of the bundled ones of the same name; a wrong one is refused first.
    ``marginal``: write letters about what is marginal, too. A paper of ten lines (先读我.txt, README.txt) says which of the others is
    for whom.
    """
    from planning_check import store

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        folder = folder or Path(f"report_run{stored.id}")
        place = Path(os.path.realpath(folder))
        _check_folder(folder, place)
        if templates:
            from planning_check.report import notices

            notices.check(templates, tuple(langs))
        with _told_where(folder), made_beside(place) as unfinished:
            _refuse_full(folder, place, force)
            with store.Told(stored.id) as told:
                pack = replace(gather(engine, stored, told), templates=templates, marginal=marginal)
                if bureau:
                    _write_bureau(pack, unfinished, langs, bureau, progress)
                else:
                    _write_parts(pack, unfinished, langs, parts or tuple(_WRITERS), progress)
            files = _listed(unfinished)
            earlier = _written_earlier(place)
            outdated = _outdated(earlier, files)
            if not bureau:
                files = _guided(pack, unfinished, langs, files, {*earlier} - {*outdated})
            _refuse_changed(place, earlier, [*(name for name, *_ in files), MANIFEST, *outdated])
            kept = [file for name, file in earlier.items() if name not in {*outdated, MANIFEST, *(n for n, *_ in files)}]
            _write_manifest(pack, unfinished, langs, files, kept)
            put_in_place(unfinished, place, outdated)
    return Report(stored.id, folder, files)


def _write_parts(
    pack: Pack, folder: Path, langs: Sequence[str], parts: Sequence[str], progress: Callable[[str, float | None], None] | None
) -> None:
    for number, part in enumerate(parts):
        if progress:
            progress(part, number / len(parts))
        for lang in langs:
            import_module(_WRITERS[part]).write(pack, folder, lang)


def _write_bureau(
    pack: Pack, folder: Path, langs: Sequence[str], bureau: str, progress: Callable[[str, float | None], None] | None
) -> None:
    from planning_check.report import workbook

    if progress:
        progress("workbook", None)
    for lang in langs:
        workbook.write_bureau(pack, folder, lang, bureau)


def gather(engine: Engine, stored: StoredRun, told: Told | None = None) -> Pack:
    """Everything that the reports of a run are made from. ``told``: what is read of its findings, kept for all of them."""
    from planning_check import store
    from planning_check.pipeline.controls import controls_of
    from planning_check.pipeline.differing import since_the_run_before
    from planning_check.pipeline.recorded import gaps_of, letters, rents_of
    from planning_check.pipeline.rooms import rooms_of
    from planning_check.report.told.coverage import covered
    from planning_check.report.told.dossier import by_developer
    from planning_check.report.told.funds import BY, closed
    from planning_check.report.told.league import league
    from planning_check.report.told.matching import matching
    from planning_check.report.told.pack import Pack
    from planning_check.report.told.returns import returns
    from planning_check.report.told.rooms import IDLE, UNTITLED
    from planning_check.report.told.summarising import summarise

    found = store.totals(engine, stored.id, lines=_ALL_LINES)
    with engine.connect() as connection:
        standing, head = store.standings(connection, stored.id), store.head_of(connection, stored.series)
    problems = store.problems(engine, stored.id)
    before = None
    if stored.parent_run_id is not None:
        parent = stored.parent_run_id
        before = returns(store.problems(engine, parent), store.disagreements(engine, parent))
    columns = {(h.file, h.sheet, h.field or "") for h in found.headings}
    moved = store.fund_lines(engine, stored.id)

    def findings(**chosen: Any) -> Iterator[Finding]:
        return store.findings(engine, stored.id, store.Filters(**chosen), told, standing)

    balance, coverage = store.balance_lines(engine, stored.id), store.coverage_lines(engine, stored.id)
    return Pack(
        run=stored,
        summary=summarise(found),
        rules=found.rules,
        findings=findings,
        count=lambda **chosen: store.count(engine, stored.id, replace(store.Filters(**chosen), limit=None), standing),
        balance=balance,
        shapes=lambda: store.shapes(engine, stored.id),
        problems=problems,
        returns=returns(problems, found.disagreements, before, columns, found.corrections),
        since=store.since(engine, stored.id),
        corrections=found.corrections,
        without=found.without,
        disagreements=found.disagreements,
        coverage=covered(stored, coverage, "district"),
        coverage_of_cities=covered(stored, coverage, "city"),
        matching=matching(stored, store.match_problem(engine, stored.id)),
        cases=standing,
        head=f"{head.series}:{head.seq}:{head.hash}" if head else "",
        funds=[closed(stored, moved, by) for by in BY],
        fund_gaps=gaps_of(engine, stored, moved),
        changes=since_the_run_before(engine, stored),
        cells=lambda wanted: store.cells_of(engine, stored.id, wanted),
        days=lambda wanted: store.days_of(engine, stored.id, wanted),
        rents=cache(lambda: rents_of(engine, stored)),
        controls=cache(lambda: controls_of(engine, stored, found.rules, told)),
        rooms=cache(lambda: [rooms_of(engine, stored, kind, found.rules, told) for kind in (IDLE, UNTITLED)]),
        unchecked=cache(lambda: store.unchecked(engine, stored, letters())),
        developers=cache(lambda: by_developer(stored, findings(), balance, store.led(engine, stored.id))),
        league=cache(lambda: league(stored, store.league_rows(engine, stored.id, letters()))) if stored.manifest.get("cities") else None,
    )


def _check_folder(folder: Path, place: Path) -> None:
    if not place.parent.is_dir():
        raise UsageError(Text("文件夹不存在", "the folder does not exist"), where=Place(str(folder.parent)))
    if place.exists() and not place.is_dir():
        raise UsageError(Text("这里已有同名文件", "a file of that name is there"), where=Place(str(folder)))
    check_place(place)


def _refuse_full(folder: Path, place: Path, force: bool) -> None:
    if not force and place.is_dir() and any(place.iterdir()):
        raise UsageError(
            Text("文件夹不是空的，没有写入", "the folder is not empty; nothing was written"), where=Place(str(folder)),
            fix=Text("换一个文件夹，或加 --force：上次写的材料被替换，有人改过的和别的文件不动",
                     "choose another folder, or add --force: the papers of an earlier report are replaced; files that were changed, "
                     "and others, stay"),
        )  # fmt: skip


@contextmanager
def _told_where(folder: Path) -> Iterator[None]:
    """What the disk refuses says no name where a file was already open, or one that nobody knows: then it is the folder's."""
    try:
        yield
    except Exception as error:
        refused = error if isinstance(error, OSError) else error.__context__  # a library's own error, made of the disk's
        if isinstance(refused, OSError) and refused.errno is not None and (refused.filename is None or is_beside(refused.filename)):
            raise OSError(refused.errno, refused.strerror, str(folder)) from error
        raise


def _listed(folder: Path) -> tuple[tuple[str, int, str], ...]:
    """Every file below a folder with its bytes and SHA-256."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((path.relative_to(folder).as_posix(), path.stat().st_size, _digest(path)) for path in paths)


def _guided(
    pack: Pack, folder: Path, langs: Sequence[str], files: Sequence[tuple[str, int, str]], beside: Collection[str]
) -> tuple[tuple[str, int, str], ...]:
    """The files and, before them, which of them is for whom, those of an earlier report (``beside``) too: a paper in each language."""
    from planning_check.report.told.guide import NAME, guide

    names = {name for name, *_ in files} | {*beside, MANIFEST}
    first = []
    for lang in dict.fromkeys((*langs, *(lang for lang in ("zh", "en") if NAME.get(lang) in beside))):
        path = folder / NAME.get(lang)
        path.write_text(guide(pack.run, names, lang), encoding="utf-8-sig", newline="\r\n")
        first.append((path.name, path.stat().st_size, _digest(path)))
    return (*first, *files)


def _write_manifest(
    pack: Pack, folder: Path, langs: Sequence[str], files: Sequence[tuple[str, int, str]], kept: Sequence[dict[str, Any]]
) -> None:
    """What was written, and from what: names, bytes and digests of inputs, rules and files; ``kept``: of an earlier report, beside them."""
    run, recorded = pack.run, pack.run.manifest
    told = {
        "run": {"digest": run.digest, "root": run.root, "as_of": run.as_of.isoformat(), "tool_version": run.tool_version},
        "languages": list(langs),
        "inputs": recorded.get("inputs", {}),
        "rules": recorded.get("rules", {}),
        "rows": recorded.get("rows", {}),
        "files": [{"name": name, "bytes": size, "sha256": digest} for name, size, digest in files],
        "kept": list(kept),
    }
    (folder / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _written_earlier(folder: Path) -> dict[str, dict[str, Any]]:
    """What earlier reports wrote into the folder, by name; empty where there is no manifest of one."""
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        return {
            file["name"]: file for file in (*told["files"], *told.get("kept", ()), {"name": MANIFEST, "sha256": _digest(folder / MANIFEST)})
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _outdated(earlier: dict[str, dict[str, Any]], files: Sequence[tuple[str, int, str]]) -> list[str]:
    """Papers of an earlier report in the folders that are written anew: they would lie among those of this one."""
    names = {name for name, *_ in files}
    rewritten = {name.split("/")[0] for name in names if "/" in name}
    return sorted(name for name in earlier if name not in names and name.split("/")[0] in rewritten)


def _refuse_changed(folder: Path, earlier: dict[str, dict[str, Any]], names: Sequence[str]) -> None:
    """Decisions that people typed into a workbook, or files of their own: not ours to replace."""
    above = {parent.as_posix() for name in names for parent in PurePosixPath(name).parents}
    changed = sorted(name for name in above if os.path.lexists(folder / name) and not (folder / name).is_dir())
    changed += [name for name in names if os.path.lexists(folder / name) and _digest(folder / name) != earlier.get(name, {}).get("sha256")]
    if changed:
        more = len(changed) - 3
        listed = "、".join(changed[:3]) + (f"，另有 {more} 个" if more > 0 else "")
        raise UsageError(
            Text(f"这些文件不是上次原样写出的，没有替换，什么也没有写：{listed}",
                 "these files are not as an earlier report wrote them; they were not replaced and nothing was written: "
                 f"{', '.join(changed[:3])}"
                 + (f", {more} more" if more > 0 else "")),
            where=Place(str(folder)),
            fix=Text("把它们移到别处，或用 -o 换一个文件夹", "move them elsewhere, or choose another folder with -o"),
        )  # fmt: skip


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
