"""Proving a province's results: that they are whole, that shards checked here come to the same, and that the cities as one delivery do."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check import __version__, following, keeping
from planning_check.errors import ActionableError, MachineError, SourceError, Text
from planning_check.pipeline.province.checking import check_shard, delivery_digest, rules_digest
from planning_check.pipeline.province.wholly import as_one_delivery, refuse_where_too_large
from planning_check.pipeline.rederiving import DIFFERS, SAME, UNPROVED, Point
from planning_check.pipeline.rules import load_rules
from planning_check.pipeline.verifying import Verdict
from planning_check.province.commits import Results
from planning_check.province.intact import faults
from planning_check.province.results import differing
from planning_check.record.province import Commit, ProvincePlan, Shard, Task, tasks

if TYPE_CHECKING:
    from planning_check.rulebook.loading import Rulebook

#: So many shards are checked again where nobody says how many.
FEW = 3
#: Hears what is looked at, and how much of it is done.
Told = Callable[[Text, float | None], None]


@dataclass(frozen=True)
class Asked:
    """What is to be proved. ``sample``: how many shards are checked again here, None: ``FEW`` at most; ``seed``: by which they are chosen;
    ``whole``: all readable cities as one delivery, too. ``threads`` and ``memory`` as in ``pipeline.Options``."""

    seed: int
    sample: int | None = None
    whole: bool = False
    threads: int | None = None
    memory: str | None = None


def verify(plan: ProvincePlan, out: str, asked: Asked, told: Told = lambda _text, _share: None) -> Verdict:
    """Prove the results of a plan below ``out``, a folder or a URL, as far as what is needed is there. Nothing there is changed.

    Raises MachineError where the whole is asked for and this machine has too little memory for it, before anything else is done.
    """
    results = Results(out, plan.digest)
    found, points = _kept(plan, results, told)
    if asked.whole:
        refuse_where_too_large([city for city in plan.cities if city.label in _labels(plan, found)])
    chosen = _chosen(found, asked)
    points.append(_named(chosen, found, asked))
    with following.restored(), keeping.nothing_kept():  # nothing of an earlier check is taken over
        book = load_rules([Path(folder) for folder in plan.rule_dirs]) if chosen or asked.whole else None
        if book is not None:
            by_rules = list(_by_rules(plan, book))
            points += by_rules
            if not by_rules:
                points += _again(plan, found, chosen, asked, told)
                if asked.whole:
                    points.append(_whole(plan, results, found, book, asked, told))
    name = Text(
        f"全省 {len(plan.cities)} 个城市、{len(plan.shards)} 片（截至 {plan.as_of}，计划 {plan.digest[:12]}）",
        f"A province of {len(plan.cities)} cities in {len(plan.shards)} shards (as of {plan.as_of}, plan {plan.digest[:12]})",
    )
    return Verdict(name, tuple(points))


def _kept(plan: ProvincePlan, results: Results, told: Told) -> tuple[dict[str, Commit], list[Point]]:
    """The commits of the shards whose results are whole, and what was found of all of them."""
    found: dict[str, Commit] = {}
    points: list[Point] = []
    for number, shard in enumerate(plan.shards):
        told(Text("核对结果", "looking at the results"), number / len(plan.shards))
        try:
            commit = results.commit_of(shard.code, shard.digest)
        except SourceError as error:
            points.append(Point(DIFFERS, _of(shard, error.what), error.fix))
            continue
        if commit is None:
            points.append(_none(plan, shard))
            continue
        wrong = list(faults(results, commit))
        points += [Point(DIFFERS, _of(shard, one)) for one in wrong]
        if not wrong:
            found[shard.code] = commit
    if found:
        rows = sum(kept.rows for commit in found.values() for kept in commit.tables.values())
        points.append(
            Point(
                SAME,
                Text(f"有结果的 {len(found)} 片：每个文件、每张表、每个根哈希都与写成时相同，共 {rows:,} 行",
                     f"shards with a result: {len(found)}; every file, table and root is as written, {rows:,} rows"),
            )
        )  # fmt: skip
    return found, points


def _none(plan: ProvincePlan, shard: Shard) -> Point:
    """A shard without a result: what the plan knows of its cities, else that it was not run."""
    problems = [city.problem for city in plan.cities_of(shard) if city.problem]
    if problems:
        why = Text(*("; ".join(told.split("\n")[0] for told in texts) for texts in zip(*((p.zh, p.en) for p in problems), strict=True)))
        said = Text(
            f"读不了，没有检查，什么也没有证明：{why.zh}", f"it cannot be read and was not checked; nothing is proved of it: {why.en}"
        )
        fix = Text("改好报送，重新做计划", "mend the delivery and plan again")
    else:
        said = Text("没有结果", "there is no result")
        fix = Text("先运行 planning-check province run", "run planning-check province run first")
    return Point(UNPROVED, _of(shard, said), fix)


def _of(shard: Shard, said: Text) -> Text:
    return Text(f"{shard.code}（{'、'.join(shard.cities)}）：{said.zh}", f"{shard.code} ({', '.join(shard.cities)}): {said.en}")


def _chosen(found: dict[str, Commit], asked: Asked) -> list[str]:
    """The shards to check again: drawn by the seed alone from those with a result."""
    count = min(FEW if asked.sample is None else asked.sample, len(found))
    return sorted(random.Random(asked.seed).sample(sorted(found), count))


def _named(chosen: Sequence[str], found: dict[str, Commit], asked: Asked) -> Point:
    """What is checked again."""
    if len(chosen) == len(found):
        return Point(SAME, Text(f"全部 {len(found)} 片在本机重新检查", f"checked again on this machine: all shards ({len(found)})"))
    some = Text("、".join(chosen) or "无", ", ".join(chosen) or "none")
    return Point(
        SAME,
        Text(f"在本机重新检查 {len(chosen)} 片（共 {len(found)} 片，按 --seed {asked.seed} 抽取）：{some.zh}",
             f"checked again on this machine: {len(chosen)} of {len(found)} shards, drawn by --seed {asked.seed}: {some.en}"),
    )  # fmt: skip


def _by_rules(plan: ProvincePlan, book: Rulebook) -> Iterator[Point]:
    """Why nothing can be checked again here: another version, or other rules, than those of the plan."""
    if plan.tool_version != __version__:
        yield Point(
            UNPROVED,
            Text(f"计划是用 {plan.tool_version} 版做的，这里是 {__version__} 版；没有重新检查，没有证明",
                 f"the plan was made with {plan.tool_version}, this is {__version__}; nothing was checked again or is proved by it"),
            Text(f"装 {plan.tool_version} 版再核", f"verify with version {plan.tool_version}"),
        )  # fmt: skip
    elif rules_digest(book) != plan.rules_digest:
        yield Point(DIFFERS, Text("规则与做计划时不同；没有重新检查", "the rules are not those of the plan; nothing was checked again"))


def _again(plan: ProvincePlan, found: dict[str, Commit], chosen: Sequence[str], asked: Asked, told: Told) -> Iterator[Point]:
    """Check shards again into a folder of their own, and hold each against its result."""
    with tempfile.TemporaryDirectory(prefix="planning_check_verify.", ignore_cleanup_errors=True) as folder:
        for number, task in enumerate(tasks(plan, folder, only=chosen, threads=asked.threads, memory=asked.memory)):
            told(Text(f"重新检查 {task.shard.code}", f"checking {task.shard.code} again"), number / len(chosen))
            elsewhere = list(_files(task))
            yield from elsewhere or [_once_more(task, found[task.shard.code])]


def _files(task: Task) -> Iterator[Point]:
    """The cities of the shard whose files are not those of the plan."""
    for city in task.cities:
        try:
            now = delivery_digest(Path(city.folder), city.label)
        except SourceError:
            yield Point(UNPROVED, _of(task.shard, Text(f"报送不在了：{city.folder}", f"the delivery is not there: {city.folder}")),
                        Text("放回做计划时的位置", "put it where it was when the plan was made"))  # fmt: skip
            continue
        if now != city.digest:
            changed = Text(f"{city.label} 的文件在做计划之后改过", f"the files of {city.label} were changed after the plan was made")
            yield Point(DIFFERS, _of(task.shard, changed), Text("重新做计划", "plan again"))


def _once_more(task: Task, kept: Commit) -> Point:
    try:
        anew = check_shard(task)
    except MachineError:
        raise
    except ActionableError as error:
        return Point(DIFFERS, _of(task.shard, Text(f"当时有结果，现在检查不了：{error.what.zh}",
                                                   f"there was a result, and now it cannot be checked: {error.what.en}")))  # fmt: skip
    tables = differing(kept.tables, anew.tables)
    if tables:
        names = ", ".join(tables)
        return Point(DIFFERS, _of(task.shard, Text(f"重新检查，这些表不同：{names}", f"checked again, and these tables differ: {names}")))
    return Point(SAME, _of(task.shard, Text(f"重新检查，每张表都相同，根哈希\n{anew.root}",
                                            f"checked again, every table is the same, root\n{anew.root}")))  # fmt: skip


def _whole(plan: ProvincePlan, results: Results, found: dict[str, Commit], book: Rulebook, asked: Asked, told: Told) -> Point:
    told(Text("各市作为一份报送检查", "checking the cities as one delivery"), None)
    try:
        return as_one_delivery(plan, results, found, book, asked.threads, asked.memory)
    except MachineError:
        raise
    except ActionableError as error:
        return Point(
            DIFFERS, Text(f"各市作为一份报送检查不了：{error.what.zh}", f"the cities as one delivery cannot be checked: {error.what.en}")
        )


def _labels(plan: ProvincePlan, found: dict[str, Commit]) -> set[str]:
    return {label for code in found for label in plan.shard(code).cities}
