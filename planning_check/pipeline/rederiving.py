"""Deriving a recorded run anew: from the same files by the same rules, mapping, day and options, in a database of its own."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from planning_check import __version__, keeping
from planning_check.errors import ActionableError, RulebookError, Text, UsageError
from planning_check.pipeline.options import Options
from planning_check.pipeline.rules import bundled, bundled_city, rule_folder

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from planning_check.record.run import StoredRun
    from planning_check.rulebook.loading import Rulebook
    from planning_check.store import Difference

SAME, DIFFERS, UNPROVED = "same", "differs", "unproved"
_SHOWN = 12  # digits of a digest


@dataclass(frozen=True)
class Point:
    """One thing that was looked at. ``state``: same (as it was recorded), differs, or unproved: something that is needed is not there."""

    state: str
    said: Text
    fix: Text | None = None


@dataclass(frozen=True)
class Sources:
    """Where a run's files are now (none: that is not on record), and the folders of its rules, the bundled one first."""

    paths: Sequence[Path]
    folders: Sequence[Path]
    threads: int | None = None
    memory: str | None = None

    def book(self) -> Rulebook:
        """The rules of the folders. Raises RulebookError and UsageError as ``load_rules``."""
        from planning_check.rulebook.kept import load_kept

        return load_kept(self.folders)


def sources_of(
    run: StoredRun, paths: Sequence[Path] = (), rule_dirs: Sequence[Path] = (), threads: int | None = None, memory: str | None = None
) -> Sources:  # fmt: skip
    """Those that were named, else those that the run remembers; the bundled city where it was checked."""
    remembered = run.manifest.get("delivered_at")
    folders = list(rule_dirs) or [Path(folder) for folder in run.manifest.get("rule_folders", ())]
    delivered = [] if remembered is None else [Path(path) for path in remembered] or bundled_city(folders)
    return Sources(list(paths) or delivered, [bundled("rules"), *map(rule_folder, folders)], threads, memory)


def derived_anew(engine: Engine, run: StoredRun, sources: Sources) -> Iterator[Point]:
    """Hold a run on record against what its files and rules come to now, outcome by outcome; ends with the first thing that differs."""
    if run.manifest.get("cities"):
        yield Point(
            UNPROVED,
            Text("这是全省的一次检查，由各片的结果合成：结果没有在这里重新推导",
                 "this run is of a province, merged from the results of its shards: its outcomes were not derived again here"),
            Text("用 planning-check province verify 重做其中几片", "planning-check province verify derives some of them again"),
        )  # fmt: skip
        return
    if run.tool_version != __version__:
        yield Point(UNPROVED, Text(f"由 {run.tool_version} 版检查，这里是 {__version__} 版：下面比较结果，相同即得证，不同则两个版本都可能是原因",
                                   f"checked by version {run.tool_version}, this is {__version__}: equal outcomes are proof, "
                                   "others may be due to the version"),
                    Text(f"要证明到底，装 {run.tool_version} 版再核", f"to prove it to the end verify with version {run.tool_version}"))  # fmt: skip
    with keeping.nothing_kept(), tempfile.TemporaryDirectory(prefix="planning_check_verify.", ignore_cleanup_errors=True) as folder:
        paths = named_alike(run, sources.paths, Path(folder))
        points = list(file_points(run, paths))
        yield from points
        if any(point.state != SAME for point in points):
            return
        book, points = rule_points(run, sources)
        yield from points
        if book is not None:
            yield _outcomes(engine, run, replace(sources, paths=paths), book, Path(folder))


def file_points(run: StoredRun, paths: Sequence[Path]) -> Iterator[Point]:
    """Each file that is not the one that was checked; or that all are."""
    recorded: dict[str, str] = run.manifest.get("inputs") or {}
    gone = next((path for path in paths if not _exists(path)), None)
    if gone is not None:
        yield Point(UNPROVED, Text(f"报送不在了：{gone}；结果没有重新推导，没有证明", f"the delivery is not there: {gone}; "
                                   "the outcomes were not derived again and are not proved"),
                    Text("用 --inputs 指明它现在的位置", "name where it is now with --inputs"))  # fmt: skip
        return
    now = _digests(paths, recorded)
    lacking = [name for name in sorted(recorded) if name not in now]
    changed = [name for name in sorted(recorded) if now.get(name) not in (None, "", recorded[name])]
    for name in changed:
        then, is_now = recorded[name][:_SHOWN], (now[name] or "")[:_SHOWN]
        yield Point(DIFFERS, Text(f"文件 {name}：不是当时检查的那一个（当时 sha256 {then}…，现在 {is_now}…）",
                                  f"file {name}: not the one that was checked (then sha256 {then}..., now {is_now}...)"),
                    Text("用 --inputs 指明当时的文件", "name the files of then with --inputs"))  # fmt: skip
    for name in lacking:
        yield Point(UNPROVED, Text(f"文件 {name} 不在了；结果没有重新推导，没有证明",
                                   f"file {name} is not there; the outcomes were not derived again and are not proved"),
                    Text("用 --inputs 指明当时的文件", "name the files of then with --inputs"))  # fmt: skip
    if not changed and not lacking:
        yield Point(SAME, Text(f"报送的文件 {len(recorded)} 个", f"files of the delivery: {len(recorded)}"))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _digests(paths: Sequence[Path], recorded: Mapping[str, str]) -> dict[str, str]:
    """The digests of the files that the run used, by their names; '' for one in an archive, which is looked at when it is read."""
    from planning_check.ingest.delivery import digest, find_files
    from planning_check.ingest.kinds import kind_of
    from planning_check.ingest.layers import files_of
    from planning_check.ingest.sheets import FileProblem

    found: dict[str, str] = {}
    for file in find_files(paths):
        inner = [name for name in recorded if name.startswith(f"{file.name}/")]
        found |= dict.fromkeys(inner, "")
        if file.name in recorded:
            with suppress(FileProblem, OSError):
                found[file.name] = digest(files_of(file.path, kind_of(file.path)))
    return found


def named_alike(run: StoredRun, paths: Sequence[Path], folder: Path) -> Sequence[Path]:
    """The paths by the names that they had: of several, files are called by them, and a folder that was moved may have another."""
    names = [PurePath(path).name for path in run.manifest.get("delivered_at") or ()]
    if len(names) < 2 or len(names) != len(paths) or names == [path.name for path in paths] or len(set(names)) < len(names):
        return paths
    try:
        for name, path in zip(names, paths, strict=True):
            (folder / name).symlink_to(path.resolve())
    except OSError:  # a system without links: then files are not found by their names, which is said
        return paths
    return [folder / name for name in names]


def rule_points(run: StoredRun, sources: Sources) -> tuple[Rulebook | None, list[Point]]:
    """The rules, where each file is the one of then; else what is another or not there."""
    again = Text("用 --rules 指明当时的规则文件夹；自带的规则，装当时的版本", "name the rules folder of then with --rules; "
                 "for the bundled rules install the version of then")  # fmt: skip
    try:
        book = sources.book()
    except (RulebookError, UsageError) as error:
        where = f"{error.where.get('en')}: " if error.where else ""
        said = Text(
            f"规则读不了：{where}{error.what.zh}；结果没有重新推导，没有证明",
            f"the rules cannot be read: {where}{error.what.en}; the outcomes were not derived again and are not proved",
        )
        return None, [Point(UNPROVED, said, again)]
    state = DIFFERS if run.tool_version == __version__ else UNPROVED
    points = [Point(state if is_there else UNPROVED, said, again) for _, is_there, said in unlike_rules(run, book)]
    count = len(run.manifest.get("rules") or {})
    return (None, points) if points else (book, [Point(SAME, Text(f"规则文件 {count} 个", f"rule files: {count}"))])


def unlike_rules(run: StoredRun, book: Rulebook) -> Iterator[tuple[str, bool, Text]]:
    """The rule files that are not those of a run, in the order of their names: name, whether there is one by now, and what is wrong."""
    recorded: dict[str, str] = run.manifest.get("rules") or {}
    for name in sorted(recorded.keys() | book.hashes.keys()):
        then, now = recorded.get(name), book.hashes.get(name)
        if then == now:
            continue
        if now is None:
            said = Text(f"规则文件 {name} 不在了", f"rule file {name} is not there")
        elif then is None:
            said = Text(f"规则文件 {name} 当时没有", f"rule file {name} was not there then")
        else:
            said = Text(f"规则文件 {name}：不是当时的那一个（当时 sha256 {then[:_SHOWN]}…，现在 {now[:_SHOWN]}…）",
                        f"rule file {name}: not the one of then (then sha256 {then[:_SHOWN]}..., now {now[:_SHOWN]}...)")  # fmt: skip
        yield name, now is not None, said


def _outcomes(engine: Engine, run: StoredRun, sources: Sources, book: Rulebook, folder: Path) -> Point:
    from planning_check.ingest.mapping import parse_mapping
    from planning_check.pipeline.running import check
    from planning_check.store import first_difference, load_run, open_store

    recorded = run.manifest
    told = recorded.get("mapping")
    options = Options(
        sources.paths, as_of=run.as_of, today=run.as_of, crs=recorded.get("read_as", ()), select=recorded.get("select", ()),
        ignore=recorded.get("ignore", ()), series=run.series, threads=sources.threads, memory=sources.memory,
        mapping=parse_mapping(told["name"], told["text"]) if told else None,
    )  # fmt: skip
    beside = f"sqlite:///{folder.as_posix()}/derived.sqlite"
    try:
        derived_id = check(options, created_at=dt.datetime.fromisoformat(run.created_at), db_url=beside, book=book).run_id
    except ActionableError as error:
        if error.exit_code not in (2, 3):  # the computer lacked something
            raise
        return Point(
            DIFFERS,
            Text(f"当时有结果，现在检查不了：{error.what.zh}", f"there was a result, and now it cannot be checked: {error.what.en}"),
        )
    derived = open_store(beside, write=False)
    try:
        is_same = load_run(derived, derived_id).root == run.root
        found = first_difference(engine, run.id, derived, derived_id)
    finally:
        derived.dispose()
    if found is not None:
        return Point(DIFFERS if run.tool_version == __version__ else UNPROVED, told_difference(found))
    if is_same:
        return Point(
            SAME, Text(f"重新推导：每个结果都相同，根哈希 {run.root}", f"derived again: every outcome is the same, root {run.root}")
        )
    return Point(SAME, Text("重新推导：每个结果都相同（程序库的版本不同，打包的字节不同）",
                            "derived again: every outcome is the same (packed in other bytes by other versions of libraries)"))  # fmt: skip


def told_difference(found: Difference) -> Text:
    """The first difference in one sentence."""
    key = ", ".join(f"{name} {value}" for name, value in found.key)
    place = f"{found.table}{f' ({key})' if key else ''}{f' > {found.column}' if found.column else ''}"
    if found.column:
        none = Text("空", "none")
        then, now = found.recorded, found.derived
        return Text(f"第一处不同：{place}：记录为“{none.zh if then is None else then}”，重新推导为“{none.zh if now is None else now}”",
                    f"first difference: {place}: recorded as '{none.en if then is None else then}', "
                    f"derived as '{none.en if now is None else now}'")  # fmt: skip
    if found.derived is None:
        return Text(f"第一处不同：{place}：记录里有，推导不出", f"first difference: {place}: on record, and not derived")
    return Text(f"第一处不同：{place}：推导得出，记录里没有", f"first difference: {place}: derived, and not on record")
