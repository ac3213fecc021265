"""The law itself: the rules listed and tested, and two readings of it compared on one delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.errors import Text, UsageError
from planning_check.pipeline.room import in_engine
from planning_check.pipeline.rules import bundled, load_rules, rule_folder
from planning_check.pipeline.running import Progress, Stages, assess_twice, mapping_of, measure, read

if TYPE_CHECKING:
    import duckdb

    from planning_check.assess import Comparison, Threshold
    from planning_check.ingest import Delivery
    from planning_check.pipeline.options import Options
    from planning_check.rulebook.cases import CaseResult
    from planning_check.rulebook.differences import Difference, Silence
    from planning_check.rulebook.loading import Rulebook
    from planning_check.rulebook.ordinances import Ordinance
    from planning_check.rulebook.rules import Rule
    from planning_check.rulebook.travelling import Differs


def rules_list(rule_dirs: Sequence[Path] = ()) -> list[dict[str, Any]]:
    """Every rule as a record, in the order of their ids."""
    from planning_check.rulebook.texts import rule_record

    book = load_rules(rule_dirs)
    return [rule_record(rule, book.measures, book.widths) for rule in book.rules]


def rules_test(rule_dirs: Sequence[Path] = (), select: Sequence[str] = ()) -> list[CaseResult]:
    """Run the worked cases of the rules (all, or those chosen) and, with all, of the ordinances: each by the law and the parameters that it
    was written for, those of its own folder and the folders before it."""
    from planning_check.rulebook.travelling import run_as_written

    return run_as_written(*_chosen(rule_dirs, select))


def rules_tried(rule_dirs: Sequence[Path] = (), select: Sequence[str] = ()) -> list[Differs]:
    """The same cases tried by what a city's folders say: those that come out otherwise."""
    from planning_check.rulebook.travelling import try_by_city

    return try_by_city(*_chosen(rule_dirs, select)) if rule_dirs else []


def _chosen(rule_dirs: Sequence[Path], select: Sequence[str]) -> tuple[list[Rulebook], list[Rule], Sequence[Ordinance]]:
    """The rulebooks of one folder more each, and of the last the rules and ordinances whose cases are asked for."""
    books = [load_rules(rule_dirs[:count]) for count in range(len(rule_dirs) + 1)]
    book, wanted = books[-1], [s.upper() for s in select]
    rules = [r for r in book.rules if not wanted or any(r.id.startswith(w) for w in wanted)]
    if wanted and not rules:
        book.rule(select[0])
    return books, rules, () if wanted else book.ordinances


def rules_page(rule_dirs: Sequence[Path] = ()) -> str:
    """The rule reference as Markdown: every rule, the ordinances, and which rule carries which clause and provision; and
    the own tables of the folders."""
    from planning_check.report.reference.data_dictionary import own_tables
    from planning_check.report.reference.rule_page import CaseText, ProofText, ProvisionText, render
    from planning_check.rulebook.case_texts import case_records
    from planning_check.rulebook.provisions import read_provisions
    from planning_check.rulebook.texts import measure_record, ordinance_record, rule_record, width_record

    book = load_rules(rule_dirs)
    owners: list[Rule | Ordinance] = [*book.rules, *book.ordinances]
    cases = {owner.id: [CaseText(**case) for case in case_records(owner)] for owner in owners}
    ids = [rule.id for rule in book.rules] + list(book.off)
    provisions = read_provisions(bundled("rules") / "provisions.yaml", "rules/provisions.yaml", ids)
    texts = [
        ProvisionText(
            p.id,
            p.section,
            p.says.zh,
            p.says.en,
            p.clauses,
            p.rules,
            f"{p.not_encoded.zh} {p.not_encoded.en}" if p.not_encoded else "",
            p.packs,
        )
        for p in provisions
    ]
    page = render(
        [rule_record(rule, book.measures, book.widths) for rule in book.rules], [ordinance_record(o) for o in book.ordinances], cases,
        texts, [measure_record(measure) for measure in book.measures], [width_record(width) for width in book.widths.values()],
        [ProofText(**line) for line in book.proofs.lines()],
    )  # fmt: skip
    return f"{page}{own}" if (own := own_tables(book.own)) else page


def simulate(
    options: Options, *, settings: Sequence[str] = (), with_dirs: Sequence[Path] = (), progress: Progress | None = None
) -> Comparison:
    """The same delivery under two readings of the law: as it stands (``options.rule_dirs``),
    and with ``settings`` and ``with_dirs`` over it.

    Raises UsageError where nothing is changed, RulebookError for a change that does not fit, SourceError as ``check``.
    """
    from planning_check.rulebook.settings import apply_settings

    if not settings and not with_dirs:
        raise UsageError(
            Text("没有说要改什么", "nothing is changed"),
            fix=Text("用 --set 办法.条款=值 或 --with 文件夹", "use --set ORDINANCE.CLAUSE=VALUE or --with DIR"),
        )
    before = load_rules(options.rule_dirs)
    after = apply_settings(load_rules((*options.rule_dirs, *with_dirs)), settings)
    return _compare(options, before, after, progress)


def rules_diff(old: Path, new: Path, options: Options, *, progress: Progress | None = None) -> tuple[list[Difference], Comparison]:
    """What differs between two folders of rules, as written and in its effect on a delivery;
    a city layer is laid over the bundled rules."""
    from planning_check.rulebook.differences import differences

    before, after = _whole(old), _whole(new)
    return differences(before, after), _compare(options, before, after, progress)


def _whole(folder: Path) -> Rulebook:
    """A folder that is a rulebook by itself (it has the measures) alone, any other over the bundled rules."""
    from planning_check.rulebook.loading import load

    folder = rule_folder(folder)
    return load([folder]) if _is_whole(folder) else load_rules([folder])


def _is_whole(folder: Path) -> bool:
    return (folder / "measures.yaml").is_file()


def silences(rule_dirs: Sequence[Path]) -> list[Silence]:
    """What the ordinances of a city's own folders say nothing about. Raises RulebookError and UsageError as ``load_rules``."""
    from planning_check.rulebook.differences import silent

    layers = [folder for folder in map(rule_folder, rule_dirs) if not _is_whole(folder)]
    if not layers:
        return []
    book, own = load_rules(layers), [folder.resolve() for folder in layers]
    return silent(book, [o for o in book.ordinances if any(o.path.resolve().is_relative_to(folder) for folder in own)])


def reading_of(options: Options, progress: Progress | None = None) -> Comparison:
    """A delivery by the bundled rules alone, and with the folders of ``options.rule_dirs`` over them."""
    return _compare(options, load_rules(()), load_rules(options.rule_dirs), progress)


def overridden(rule_dirs: Sequence[Path]) -> list[tuple[str, Any, str, Text]]:
    """The values of clauses and parameters in places and times that a city's folders give, as ``report.told.clauses.overridden``."""
    from planning_check.report.told import clauses
    from planning_check.rulebook.texts import ordinance_record, rule_record

    book = load_rules([folder for folder in map(rule_folder, rule_dirs) if not _is_whole(folder)])
    rules = [rule_record(rule, book.measures, book.widths) for rule in book.rules if rule.placed]
    return clauses.overridden([ordinance_record(one) for one in book.ordinances], rules)


def _compare(options: Options, before: Rulebook, after: Rulebook, progress: Progress | None) -> Comparison:
    from planning_check import assess
    from planning_check.rulebook.kept import plan_kept

    own = {table.name: table for table in (*before.own, *after.own)}
    unlike = before.precedence != after.precedence
    if unlike or any(own[table.name] != table for table in before.own):  # the delivery is read once, by one of them
        what = (
            Text("先后次序（precedence.yaml）", "whose value counts (precedence.yaml)")
            if unlike
            else Text("自己的台账（tables/）", "tables (tables/)")
        )
        raise UsageError(
            Text(f"两边的{what.zh}不同，这里不能比较", f"the two differ in {what.en}"),
            fix=Text("两边各检查一次，再比较两份材料", "check with each of them and compare the two reports"),
        )
    before, after = (replace(book, own=tuple(own.values())) for book in (before, after))
    stages, books = Stages(progress), {"before": before, "after": after}

    def compared(con: duckdb.DuckDBPyConnection) -> Comparison:
        _, day = measured(con, options, stages, before)
        for name, book in books.items():
            if name == "after" and after.measuring != before.measuring:
                with stages.stage("facts"):
                    measure(con, day, after)
            with stages.stage("judge"):
                assess_twice(con, plan_kept(book), book)
                assess.keep_reading(con, name)
        return assess.compare(con)

    return in_engine(options, compared)


def measured(con: duckdb.DuckDBPyConnection, options: Options, stages: Stages, book: Rulebook) -> tuple[Delivery, dt.date]:
    """Read a delivery and measure it; what it says of itself, and the day of the check."""
    with stages.stage("read"):
        delivery = read(con, options.delivered, book, stages.progress, options.crs, options.day(None), mapping_of(options), options.as_of)
    with stages.stage("facts"):
        day = options.day(delivery.as_of)
        measure(con, day, book)
    return delivery, day


def thresholds(options: Options, *, progress: Progress | None = None) -> list[Threshold]:
    """How projects lie around the sizes at which the law that governs them asks for more; nothing is recorded. Raises as ``check``."""
    from planning_check import assess
    from planning_check.rulebook.kept import plan_kept

    stages, book = Stages(progress), load_rules(options.rule_dirs)

    def bunched(con: duckdb.DuckDBPyConnection) -> list[Threshold]:
        measured(con, options, stages, book)
        with stages.stage("judge"):
            assess_twice(con, plan_kept(book), book)
        return assess.bunching(con, book.measuring.just_below_percent)

    return in_engine(options, bunched)
