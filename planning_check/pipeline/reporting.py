"""Writing the reports of a recorded run into a folder."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.errors import Place, Text, UsageError
from planning_check.words import REPORT_PARTS

if TYPE_CHECKING:
    from planning_check.report.pack import Pack
    from planning_check.store import StoredRun

#: Part -> module of ``report`` whose ``write(pack, folder, lang)`` gives the paths it wrote.
_WRITERS = {part: f"planning_check.report.{part}" for part in REPORT_PARTS}
MANIFEST = "manifest.json"
_ALL_LINES = 1_000_000_000


@dataclass(frozen=True)
class Report:
    """A folder of reports: the run, and each file with its bytes and SHA-256, in order."""

    run_id: int
    folder: Path
    files: tuple[tuple[str, int, str], ...]


def report(
    db_url: str, run: int | None = None, *, folder: Path | None = None, langs: Sequence[str] = ("zh",), parts: Sequence[str] = (),
    force: bool = False, templates: Path | None = None, progress: Callable[[str, float | None], None] | None = None,
) -> Report:  # fmt: skip
    """Write the reports of a run (the latest if none is named) in these languages; without ``parts`` all of them.

    The folder (``report_run<N>`` if none is named) takes its place when everything in it is whole. One that holds files is refused without
    ``force``; with it files of the same name are replaced and all others left. Identical runs give identical bytes.
    ``templates``: a folder whose templates of notices take the place of the bundled ones of the same name; a wrong one is refused first.
    """
    from planning_check import store

    engine = store.open_store(db_url, write=False)
    stored = store.load_run(engine, run)
    folder = folder or Path(f"report_run{stored.id}")
    _check_folder(folder, force)
    if templates:
        from planning_check.report import notices

        notices.check(templates, tuple(langs))
    pack = replace(gather(engine, stored), templates=templates)
    unfinished = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        for part in parts or tuple(_WRITERS):
            if progress:
                progress(part, None)
            for lang in langs:
                import_module(_WRITERS[part]).write(pack, unfinished, lang)
        files = _write_manifest(pack, unfinished, langs)
        _into_place(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Report(stored.id, folder, files)


def gather(engine: object, stored: StoredRun) -> Pack:
    """Everything that the reports of a run are made from."""
    from planning_check import store
    from planning_check.report.coverage import covered
    from planning_check.report.matching import matching
    from planning_check.report.pack import Pack
    from planning_check.report.summary import summarise

    found = store.totals(engine, stored.id, lines=_ALL_LINES)
    return Pack(
        run=stored,
        summary=summarise(found),
        rules=found.rules,
        findings=lambda **chosen: store.findings(engine, stored.id, store.Filters(**chosen)),
        count=lambda **chosen: store.count(engine, stored.id, replace(store.Filters(**chosen), limit=None)),
        balance=store.balance_lines(engine, stored.id),
        shapes=lambda: store.shapes(engine, stored.id),
        problems=store.problems(engine, stored.id),
        since=store.since(engine, stored.id),
        coverage=covered(stored, store.coverage_lines(engine, stored.id), "district"),
        matching=matching(stored, store.match_problem(engine, stored.id)),
    )


def _check_folder(folder: Path, force: bool) -> None:
    if not folder.parent.is_dir():
        raise UsageError(Text("文件夹不存在", "the folder does not exist"), where=Place(str(folder.parent)))
    if folder.exists() and not folder.is_dir():
        raise UsageError(Text("这里已有同名文件", "a file of that name is there"), where=Place(str(folder)))
    if not force and folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            Text("文件夹不是空的，没有写入", "the folder is not empty; nothing was written"), where=Place(str(folder)),
            fix=Text("换一个文件夹，或加 --force：同名文件被替换，其余不动",
                     "choose another folder, or add --force: files of the same name are replaced, all others left"),
        )  # fmt: skip


def _write_manifest(pack: Pack, folder: Path, langs: Sequence[str]) -> tuple[tuple[str, int, str], ...]:
    """What was written, and from what: names, bytes and digests of inputs, rules and files."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = tuple((p.relative_to(folder).as_posix(), p.stat().st_size, hashlib.sha256(p.read_bytes()).hexdigest()) for p in paths)
    run, recorded = pack.run, pack.run.manifest
    told = {
        "run": {"digest": run.digest, "as_of": run.as_of.isoformat(), "tool_version": run.tool_version},
        "languages": list(langs),
        "inputs": recorded.get("inputs", {}),
        "rules": recorded.get("rules", {}),
        "rows": recorded.get("rows", {}),
        "files": [{"name": name, "bytes": size, "sha256": digest} for name, size, digest in files],
    }
    (folder / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return files


def _into_place(unfinished: Path, folder: Path) -> None:
    if not folder.exists():
        unfinished.replace(folder)
        return
    for path in sorted(p for p in unfinished.rglob("*") if p.is_file()):
        target = folder / path.relative_to(unfinished)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        except OSError as error:
            raise UsageError(
                Text("文件写不进去", "the file cannot be written"), where=Place(str(target)),
                why=Text(error.strerror or str(error), error.strerror or str(error)),
                fix=Text("文件在别的程序里打开的，先关闭，再运行一次", "close the file if another program has it open, and run again"),
            ) from error  # fmt: skip
