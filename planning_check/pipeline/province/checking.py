"""One shard, checked as one delivery by the same pipeline: pure and repeatable, on any machine that reaches the files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check import __version__, following
from planning_check.errors import Text, UsageError
from planning_check.pipeline.options import Options
from planning_check.pipeline.room import in_engine
from planning_check.pipeline.rules import load_rules
from planning_check.pipeline.running import Stages, judged, told_by, what_was_read
from planning_check.province.commits import Results
from planning_check.record.province import Commit, Task

if TYPE_CHECKING:
    import duckdb

    from planning_check.assess import Plan
    from planning_check.rulebook.loading import Rulebook


def check_shard(task: Task) -> Commit:
    """Check a shard and keep its result below ``task.out``. A result that is there with an equal digest is returned, not made again.

    Raises ActionableError where the delivery cannot be read or judged, or program, rules or files are not those that were planned;
    MemoryError and duckdb.OutOfMemoryException where the memory was too little; OSError where the disk was.
    """
    results = Results(task.out, task.run_digest)
    there = results.commit_of(task.shard.code, task.shard.digest)
    if there:
        return there
    with following.restored():
        return _checked(task, results, of_the_plan(task.tool_version, task.rules_digest, task.rule_dirs))


def of_the_plan(tool_version: str, digest: str, rule_dirs: Sequence[str]) -> Rulebook:
    """The rules that a plan was made with. Raises Changed where this program or the rules here are others."""
    if tool_version != __version__:
        raise _otherwise(
            Text(f"程序是 {__version__} 版", f"the program is version {__version__}"),
            Text(f"计划是用 {tool_version} 版做的：在各台机器装同一版本，或重新做计划",
                 f"the plan was made with {tool_version}: install one version everywhere, or plan again"),
        )  # fmt: skip
    book = load_rules([Path(folder) for folder in rule_dirs])
    if rules_digest(book) != digest:
        raise _otherwise(
            Text("规则与做计划时不同", "the rules are not those of the plan"),
            Text("在各台机器放同样的规则文件夹，或重新做计划", "have the same rules folder on every machine, or plan again"),
        )
    return book


def _checked(task: Task, results: Results, book: Rulebook) -> Commit:
    from planning_check.province.results import root_over_contents, write
    from planning_check.rulebook.kept import plan_kept

    plan = plan_kept(book, list(task.select), list(task.ignore))
    options = options_of(task)

    def kept(con: duckdb.DuckDBPyConnection) -> Commit:
        judge_shard(con, options, book, plan)
        inputs = what_was_read(con)["inputs"]
        for city in task.cities:
            _as_planned(city.label, city.folder, city.digest)
        with results.begun(task.shard.code) as folder:
            tables, highest = write(con, folder, told_by(plan))
            own = (task.shard.code, task.shard.digest, root_over_contents(tables), __version__, _engine_version())
            return results.put(folder, Commit(*own, task.as_of, inputs, tables, highest))

    return in_engine(options, kept)


def judge_shard(con: duckdb.DuckDBPyConnection, options: Options, book: Rulebook, plan: Plan) -> None:
    """Make in ``con`` all that is kept of a shard."""
    judged(con, options, book, plan, None, Stages())


def options_of(task: Task) -> Options:
    """The check of a shard: its cities as one delivery, each by its label."""
    return Options(
        [Path(city.folder) for city in task.cities], task.as_of, task.as_of, crs=task.crs, rule_dirs=[Path(d) for d in task.rule_dirs],
        select=task.select, ignore=task.ignore, threads=task.threads, memory=task.memory, labels=[city.label for city in task.cities],
    )  # fmt: skip


def rules_digest(book: Rulebook) -> str:
    """Over all of the rules that can change an outcome: as the digest of a run has it."""
    told = {"rules": book.hashes, "rules_off": book.off, "overrides": book.overridden}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def delivery_digest(folder: Path, label: str) -> str:
    """Over the names and the contents of a city's files; of one that cannot be opened, over its name alone. Raises SourceError where there
    is no such folder."""
    from contextlib import suppress

    from planning_check.ingest.delivery import MANIFEST, digest, find_files
    from planning_check.ingest.kinds import kind_of
    from planning_check.ingest.layers import files_of
    from planning_check.ingest.sheets import FileProblem

    found = {MANIFEST: digest([folder / MANIFEST])} if (folder / MANIFEST).is_file() else {}
    for file in find_files([folder], [label]):
        found[file.name] = ""
        with suppress(FileProblem, OSError):
            found[file.name] = digest(files_of(file.path, kind_of(file.path)))
    return sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def _as_planned(label: str, folder: str, planned: str) -> None:
    if delivery_digest(Path(folder), label) != planned:
        raise _otherwise(
            Text(f"{label} 的文件在做计划之后改过", f"the files of {label} were changed after the plan was made"),
            Text("重新做计划", "plan again"),
        )


def _engine_version() -> str:
    import duckdb

    return duckdb.__version__


class Changed(UsageError):
    """Program, rules or files are not those of the plan."""


def _otherwise(what: Text, fix: Text) -> Changed:
    return Changed(what, fix=fix)
