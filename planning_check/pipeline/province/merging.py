"""The results of a province's shards, merged into one recorded run: nothing is added up, everything is made from the merged rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check import following
from planning_check.errors import Place, SourceError, Text
from planning_check.pipeline.options import Options
from planning_check.pipeline.province.checking import of_the_plan
from planning_check.pipeline.running import Progress, Stages, record_of, told_by
from planning_check.province.commits import Results
from planning_check.province.failures import kept_failures
from planning_check.province.uniting import claimed, unite
from planning_check.record.province import City, Commit, Failure, ProvincePlan, Shard

if TYPE_CHECKING:
    import duckdb

    from planning_check.report.told.summary import Summary
    from planning_check.rulebook.loading import Rulebook

SERIES = "province"
_NO_RESULT = Text("没有结果：先运行 province run", "it has no result: run province run first")


@dataclass(frozen=True)
class Merged:
    """The run as recorded. ``is_new``: it was not loaded before; ``left_out``: the shards that are not in it, each with the reason."""

    run_id: int
    is_new: bool
    left_out: tuple[Failure, ...]
    summary: Summary
    timings: list[tuple[str, float]]


def merge(
    plan: ProvincePlan, out: str, *, created_at: dt.datetime, db_url: str, by: str = "", series: str = SERIES,
    progress: Progress | None = None, full: bool = False, threads: int | None = None,
    memory: str | None = None, told: Callable[[Text], None] | None = None, on_record: Callable[[int | None], None] | None = None,
) -> Merged:  # fmt: skip
    """Merge the results of a plan below ``out`` and record them as one run of the ``series``, once: the same results again, or by another
    program at the same time, are the run that is there. A shard without a result is named in the run, with the reason that was kept of
    it; its cities are in no list and no sum.
    Raises SourceError where no shard has a result, or one is damaged; UsageError where program or rules are not those of the plan.
    """
    from planning_check.engine import opened
    from planning_check.report.told.summarising import summarise
    from planning_check.store import open_store, totals

    stages = Stages(progress)
    with stages.stage("rules"):
        book = of_the_plan(plan.tool_version, plan.rules_digest, plan.rule_dirs)
        store = open_store(db_url, told=told)
    results = Results(out, plan.digest)
    with opened(threads=threads, memory=memory) as con, following.in_force(book.own):
        commits, left_out = _there(con, plan, results)
        recorded = _recorded(con, book, plan, results, commits, left_out, stages, created_at, by, series)
        with stages.stage("record") as done:
            run_id, is_new = _loaded(store, con, *recorded, {commit.shard: commit.root for commit in commits}, done, on_record)
    with stages.stage("summary"):
        summary = summarise(totals(store, run_id, told=None if full else {}))
    return Merged(run_id, is_new, tuple(left_out), summary, stages.seconds)


def _there(con: duckdb.DuckDBPyConnection, plan: ProvincePlan, results: Results) -> tuple[list[Commit], list[Failure]]:
    """The results that can be in one record, in the order of the plan, and the shards that have none or cannot."""
    failures = kept_failures(results)
    commits, left_out = [], []
    for shard in plan.shards:
        commit = results.commit_of(shard.code, shard.digest)
        if commit:
            commits.append(commit)
        else:
            left_out.append(failures.get(shard.code) or Failure(shard.code, shard.cities, _why_none(plan, shard), "delivery"))
    if not commits:
        raise SourceError(
            Text("没有一个分片有结果", "no shard has a result"), where=Place(results.folder),
            fix=Text("先运行 planning-check province run", "run planning-check province run first"),
        )  # fmt: skip
    for code, keys in claimed(con, results, commits).items():
        some = "、".join(keys[:3]), ", ".join(keys[:3])
        why = Text(
            f"它的编号别的市也在用（{some[0]}），放在一起会混淆；请给各市自己的编号，再做计划",
            f"other cities use its ids too ({some[1]}), and would be taken for it: give each its own, then plan again",
        )
        left_out.append(Failure(code, plan.shard(code).cities, why, "delivery"))
        commits = [commit for commit in commits if commit.shard != code]
    return commits, left_out


def _why_none(plan: ProvincePlan, shard: Shard) -> Text:
    return next((city.problem for city in plan.cities_of(shard) if city.problem), _NO_RESULT)


def _recorded(
    con: duckdb.DuckDBPyConnection, book: Rulebook, plan: ProvincePlan, results: Results, commits: Sequence[Commit],
    left_out: Sequence[Failure], stages: Stages, created_at: dt.datetime, by: str, series: str,
) -> tuple[dict[str, Any], list[Any]]:  # fmt: skip
    """Make the tables of the run in ``con``: what it is recorded with, and how its findings are told."""
    from planning_check.assess import acts_of
    from planning_check.ingest import Delivery
    from planning_check.rulebook.kept import plan_kept

    rules = plan_kept(book, list(plan.select), list(plan.ignore))
    with stages.stage("merge") as done:
        con.execute(f"SET VARIABLE as_of = DATE '{plan.as_of}'; SET VARIABLE delivered_on = DATE '{plan.as_of}'")
        present = unite(con, results, commits, rules, done)
    checked = [city for city in plan.cities if any(city.label in plan.shard(commit.shard).cities for commit in commits)]
    options = Options(
        [Path(city.folder) for city in checked], plan.as_of, plan.as_of, crs=plan.crs, rule_dirs=[Path(one) for one in plan.rule_dirs],
        select=plan.select, ignore=plan.ignore, series=series, labels=[city.label for city in checked],
    )  # fmt: skip
    delivery = Delivery(_title(plan), _notice(checked), plan.as_of, ())
    record = record_of(con, options, book, rules, delivery, plan.as_of, created_at, None, by)
    roots = {commit.shard: commit.root for commit in commits}
    record |= {"acts": acts_of(con, present), "asked": {"province": plan.digest}, "cities": _cities(plan, roots, left_out)}
    record["province"] = {"plan": plan.digest, "links": len(plan.links), "apart": sum(link.apart is not None for link in plan.links)}
    told = {"plan": plan.digest, "shards": roots, "left_out": [failure.shard for failure in left_out]}
    return record | {"digest": sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()}, told_by(rules)


def _loaded(
    store: Any, con: duckdb.DuckDBPyConnection, record: dict[str, Any], tellings: list[Any], shards: Mapping[str, str], done: Any,
    on_record: Callable[[int | None], None] | None,
) -> tuple[int, bool]:  # fmt: skip
    """The number of the run, and whether it is new."""
    from planning_check.store import AlreadyLoaded, save_run

    tell = on_record or (lambda _run_id: None)
    tell(None)
    try:
        run_id = save_run(store, con, record, tellings, done, shards)
    except AlreadyLoaded as loaded:
        tell(loaded.run_id)
        return loaded.run_id, False
    tell(run_id)
    return run_id, True


def _title(plan: ProvincePlan) -> Text:
    count = len(plan.cities)
    return Text(f"全省 {count} 个市", "a province of 1 city" if count == 1 else f"a province of {count} cities")


def _notice(cities: Sequence[City]) -> Text | None:
    """What the cities' deliveries say of themselves, each once."""
    notices = list(dict.fromkeys(city.notice for city in cities if city.notice))
    return Text(" ".join(n.zh for n in notices), " ".join(n.en for n in notices)) if notices else None


def _cities(plan: ProvincePlan, roots: Mapping[str, str], left_out: Sequence[Failure]) -> list[dict[str, Any]]:
    """The cities of the run, as its manifest keeps them: those that are not in it with the reason."""
    whys = {label: failure.why for failure in left_out for label in failure.cities}
    folders = {city.label: city.folder for city in plan.cities}
    whys = {label: _in_a_line(why, folders[label], label) for label, why in whys.items()}
    shard_of = {label: shard.code for shard in plan.shards for label in shard.cities}
    return [_city(city, shard_of[city.label], roots.get(shard_of[city.label]), whys.get(city.label)) for city in plan.cities]


def _in_a_line(why: Text, folder: str, label: str) -> Text:
    """The first line of an error, without the folder of the machine where the city lay."""
    zh, en = (text.splitlines()[0].replace(folder, label) if text else label for text in (why.zh, why.en))
    return Text(zh.removeprefix(f"{label}："), en.removeprefix(f"{label}: "))


def _city(city: City, shard: str, root: str | None, why: Text | None) -> dict[str, Any]:
    title = city.title or Text(city.label, city.label)
    title = replace(title, zh=title.zh or title.en, en=title.en or title.zh)
    return {
        "label": city.label, "zh": title.zh, "en": title.en, "districts": [code for code, _ in city.districts], "shard": shard,
        "root": root, "projects": city.projects, "bytes": city.bytes, "state": "failed" if why else "checked",
        "why": {"zh": why.zh, "en": why.en} if why else None, "folder": city.folder, "digest": city.digest,
    }  # fmt: skip
