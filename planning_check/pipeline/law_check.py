"""A rulebook looked over before it is used: what its ordinances leave unsaid, and what that does to a delivery."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check import following
from planning_check.errors import Text
from planning_check.pipeline.law import reading_of, silences
from planning_check.pipeline.rules import bundled, load_rules, rule_folder

if TYPE_CHECKING:
    from planning_check.pipeline.options import Options
    from planning_check.pipeline.running import Progress
    from planning_check.rulebook.differences import Silence
    from planning_check.rulebook.loading import Rulebook
    from planning_check.rulebook.ordinances import Ordinance
    from planning_check.rulebook.remarks import Looked, Remark
    from planning_check.rulebook.rules import Rule

_SILENT = Text("办法没有写到的条款", "clauses that an ordinance does not mention")


def rules_check(options: Options, *, progress: Progress | None = None) -> list[Looked]:
    """Look over the rules of ``options.rule_dirs``; with paths also how many outcomes of that delivery they leave undetermined.

    Raises RulebookError and UsageError as ``load_rules`` (and UsageError for a plan that cannot be made), SourceError as ``check``.
    """
    from planning_check.rulebook.holding import look_at_cases
    from planning_check.rulebook.kept import plan_kept
    from planning_check.rulebook.remarks import Looked

    book = load_rules(options.rule_dirs)
    plan_kept(book)  # what cannot be compiled is an error, and no remark
    silent = Looked(_SILENT, _silent(options.rule_dirs, _opened(options, progress)))
    with following.in_force(book.own):
        return [silent, *look_at_cases(book, *_own(book, options.rule_dirs))]


def _own(book: Rulebook, rule_dirs: Sequence[Path]) -> tuple[list[Rule], list[Ordinance]]:
    """The rules and ordinances of a city's own folders; all there are where it has none."""
    folders = [rule_folder(path).resolve() for path in rule_dirs] or [bundled("rules").resolve()]

    def is_own(path: Path) -> bool:
        return any(path.resolve().is_relative_to(folder) for folder in folders)

    return [rule for rule in book.rules if is_own(rule.path)], [one for one in book.ordinances if is_own(one.path)]


def _opened(options: Options, progress: Progress | None) -> int | None:
    """How many outcomes can no longer be judged under the city's own folders; None where there is nothing to compare."""
    if not options.paths or not silences(options.rule_dirs):
        return None
    return reading_of(options, progress).opened


def _silent(rule_dirs: Sequence[Path], opened: int | None) -> list[Remark]:
    return [_remark(one, opened) for one in silences(rule_dirs)]


def _remark(one: Silence, opened: int | None) -> Remark:
    from planning_check.rulebook.remarks import Remark

    named = Text("、".join(label.zh for label in one.clauses), ", ".join(label.en for label in one.clauses))
    what = Text(
        f"办法 {one.ordinance_id} 对 {one.known} 项条款中的 {len(one.clauses)} 项没有写，{len(one.rules)} 条规则用到它们：{named.zh}",
        f"ordinance {one.ordinance_id} is silent on {len(one.clauses)} of {one.known} clauses, "
        f"which {len(one.rules)} rules read: {named.en}",
    )
    if opened is not None:
        what = Text(
            f"{what.zh}；这份报送有 {opened:,} 个结论因本市规则变为未能判定",
            f"{what.en}; {opened:,} outcomes of this delivery become undetermined under the city's rules",
        )
    return Remark(one.where, what, Text(
        "没有规定的写 value: null 并注明出处；与别的办法相同的，写 based_on: 该办法的 id",
        "where the law says nothing, write value: null and where it says so; where it is as in another ordinance, write based_on: its id",
    ))  # fmt: skip
