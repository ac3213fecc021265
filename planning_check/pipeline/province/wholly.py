"""The cities of a province as one delivery, where it fits into this machine: does it say what the shards say together?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from planning_check.engine import opened
from planning_check.errors import MachineError, Text
from planning_check.pipeline.province.checking import judge_shard, options_of
from planning_check.pipeline.rederiving import DIFFERS, SAME, UNPROVED, Point
from planning_check.pipeline.room import in_engine
from planning_check.pipeline.running import told_by
from planning_check.province.results import contents, differing, root_over_contents
from planning_check.province.uniting import unite
from planning_check.record.province import LINKED, City, ProvincePlan, Shard, Task

if TYPE_CHECKING:
    import duckdb

    from planning_check.province.commits import Results
    from planning_check.record.province import Commit
    from planning_check.rulebook.loading import Rulebook
    from planning_check.store.merkle import TableRoot

#: What a check of one delivery takes of memory: of itself, and for each project (measured; evidence/province.md).
_OWN_BYTES, _BYTES_A_PROJECT = 600_000_000, 62_000
_MOST = 0.8  # of the machine's memory


def refuse_where_too_large(cities: Sequence[City]) -> None:
    """Raises MachineError where a check of these cities as one delivery would need more than four fifths of this machine's memory."""
    needed, there = estimated_bytes(cities), memory_bytes()
    if needed > _MOST * there:
        raise MachineError(
            Text(
                f"{len(cities)} 个城市作为一份报送检查约需 {needed / 1e9:,.1f} GB 内存（估算），本机共 {there / 1e9:,.1f} GB，最多用其五分之四",
                f"{len(cities)} cities as one delivery need about {needed / 1e9:,.1f} GB of memory (an estimate); this machine has "
                f"{there / 1e9:,.1f} GB, of which four fifths may be used",
            ),
            fix=Text(
                "不加 --whole，用 --sample 抽查；或换内存更大的机器",
                "leave --whole out and use --sample, or take a machine with more memory",
            ),
        )


def estimated_bytes(cities: Sequence[City]) -> int:
    """What a check of these cities as one delivery takes of memory, estimated from their projects and files."""
    return _OWN_BYTES + max(_BYTES_A_PROJECT * sum(city.projects for city in cities), 2 * sum(city.bytes for city in cities))


def memory_bytes() -> int:
    """All the memory that this machine has, or that its container may take."""
    try:
        from distributed.system import MEMORY_LIMIT
    except ImportError:
        import psutil

        return int(psutil.virtual_memory().total)
    return int(MEMORY_LIMIT)


def as_one_delivery(
    plan: ProvincePlan, results: Results, found: Mapping[str, Commit], book: Rulebook, threads: int | None, memory: str | None
) -> Point:
    """The cities of these shards as one delivery, held table by table against what the shards say together."""
    from planning_check.rulebook.kept import plan_kept

    shards = [shard for shard in plan.shards if shard.code in found]
    cities = [city for city in plan.cities if any(city.label in shard.cities for shard in shards)]
    rules = plan_kept(book, list(plan.select), list(plan.ignore))
    tellings = told_by(rules)
    labels = tuple(city.label for city in cities)
    all_of_them = Shard("whole", labels, LINKED, sum(c.projects for c in cities), sum(c.bytes for c in cities), plan.digest)
    task = Task(
        all_of_them, tuple(cities), plan.digest, plan.rules_digest, plan.tool_version, plan.as_of, "", plan.rule_dirs, plan.select,
        plan.ignore, plan.crs, threads, memory,
    )  # fmt: skip

    def judged(con: duckdb.DuckDBPyConnection) -> dict[str, TableRoot]:
        judge_shard(con, options_of(task), book, rules)
        return contents(con, tellings)

    whole = in_engine(options_of(task), judged)
    with opened(threads=threads, memory=memory) as con:
        unite(con, results, [found[shard.code] for shard in shards], rules)
        together = contents(con, tellings)
    names = Text(f"{len(cities)} 个城市作为一份报送", f"{len(cities)} cities as one delivery")
    tables = differing(whole, together)
    if not tables:
        root = root_over_contents(whole)
        return Point(SAME, Text(f"{names.zh}：每张表与各片合起来的相同（行号除外），根哈希\n{root}",
                                f"{names.en}: every table is that of the shards together (row numbers aside), root\n{root}"))  # fmt: skip
    told = ", ".join(tables)
    said = Text(f"{names.zh}：这些表与各片合起来的不同：{told}", f"{names.en}: these tables differ from the shards' together: {told}")
    reasons = list(why_they_may_differ(plan, labels))
    if not reasons:
        return Point(DIFFERS, said)
    why = Text("；".join(one.zh for one in reasons), "; ".join(one.en for one in reasons))
    return Point(UNPROVED, said, Text(f"可能的原因：{why.zh}", f"why they may: {why.en}"))


def why_they_may_differ(plan: ProvincePlan, labels: Sequence[str]) -> Iterator[Text]:
    """What of the plan lets one delivery say otherwise: cities that are linked and were kept apart, or measured in several planes."""
    for link in plan.links:
        if link.apart and link.one in labels and link.other in labels:
            yield Text(
                f"{link.one} 和 {link.other} 虽有关联，仍分开检查（{link.apart.zh}）",
                f"{link.one} and {link.other} reach across and were checked apart ({link.apart.en})",
            )
    planes = {city.planes for city in plan.cities if city.label in labels and city.planes}
    if len(planes) > 1:
        told = ", ".join(sorted({plane for city in planes for plane in city}))
        yield Text(f"各市量算的坐标系不同：{told}", f"the cities are measured in several planes: {told}")
