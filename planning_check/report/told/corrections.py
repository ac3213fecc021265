"""The register of corrections of a run as people read it: what became of each, and what turns on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from planning_check.errors import Text
from planning_check.record.correction import CorrectionRow, WithoutRow
from planning_check.report.told.numbers import number
from planning_check.words import OUTCOMES

#: What became of a correction.
STATES = {
    "applied": Text("已采用", "applied"),
    "stale": Text("未采用：报送的已不是原值", "not applied: the source no longer says the old value"),
    "unapplied": Text("未采用：找不到要更正的格子", "not applied: no such cell"),
    "unreadable": Text("未采用：更正值读不出", "not applied: the new value cannot be read"),
    "conflicting": Text("未采用：同一格的更正不一致", "not applied: corrections of one cell differ"),
    "expired": Text("未采用：已过有效期", "not applied: expired"),
    "early": Text("未采用：更正在核查日之后", "not applied: made after the day of the check"),
    "incomplete": Text("未采用：登记不全", "not applied: not complete"),
    "at_source": Text("来源已改正，可以删去", "corrected at source, can be deleted"),
}


@dataclass(frozen=True)
class Corrected:
    """The register in numbers: rows by what became of them, and the outcomes that turn on those applied;
    ``turning``: those that turn on who goes before whom."""

    states: tuple[tuple[str, int], ...]
    changed: tuple[WithoutRow, ...]
    turning: tuple[WithoutRow, ...] = ()

    @property
    def applied(self) -> int:
        """How many cells are read otherwise than delivered."""
        return dict(self.states).get("applied", 0)

    @property
    def cleared(self) -> tuple[WithoutRow, ...]:
        """What was a violation as delivered and is none any more, or one of less."""
        return tuple(row for row in self.changed if row.without == "violation" and (row.outcome != "violation" or _is_less(row)))

    def told(self) -> list[Text]:
        """What the first screen says: the register if there is one, what turns on it, and what turns on who goes before whom."""
        lines = self._of_register()
        if self.turning:
            n = len(self.turning)
            lines.append(
                Text(
                    f"取决于先后次序的结论 {n} 个：各处不一致的值换取另一个，结论或数额就不同，见 outcomes_without.csv",
                    f"Outcomes that turn on precedence: {n}; by another of the values told they differ, see outcomes_without.csv",
                )
            )
        return lines

    def _of_register(self) -> list[Text]:
        if not self.states:
            return []
        count, rest = sum(n for _, n in self.states), [(STATES[code], n) for code, n in self.states if code != "applied"]
        others = Text("；".join(f"{s.zh} {n}" for s, n in rest), "; ".join(f"{s.en} {n}" for s, n in rest))
        lines = [
            Text(
                f"更正登记 {count} 条：已采用 {self.applied}{'；' + others.zh if rest else ''}",
                f"Corrections {count}: applied {self.applied}{'; ' + others.en if rest else ''}",
            )
        ]
        if self.changed:
            shown = [f"{row.rule_id} {row.subject_key}" for row in self.cleared[:_MOST_SHOWN]]
            more = len(self.cleared) - len(shown)
            named = Text(
                f"（{'、'.join(shown)}{f'等，另 {more} 个' if more else ''}）" if shown else "",
                f" ({', '.join(shown)}{f' and {more} more' if more else ''})" if shown else "",
            )
            lines.append(
                Text(
                    f"因更正改变的结论 {len(self.changed)} 个，其中照报送是违规、更正后不是了或变小了的 {len(self.cleared)} 个{named.zh}",
                    f"Outcomes that turn on corrections: {len(self.changed)}; violations as delivered that are none any more, or are "
                    f"smaller: {len(self.cleared)}{named.en}",
                )
            )
        return lines


_MOST_SHOWN = 5


def corrected(rows: Sequence[CorrectionRow], without: Sequence[WithoutRow]) -> Corrected:
    """The numbers of a run's register of corrections."""
    counts = Counter(row.state for row in rows)
    return Corrected(
        tuple((code, counts[code]) for code in STATES if code in counts),
        tuple(row for row in without if row.cause == "corrections"),
        tuple(row for row in without if row.cause == "precedence"),
    )


def _is_less(row: WithoutRow) -> bool:
    pairs = ((row.area_m2, row.area_without_m2), (row.yuan, row.yuan_without))
    return any(other is not None and (one is None or Decimal(one) < Decimal(other)) for one, other in pairs)


def _outcome(code: str | None, area_m2: str | None, yuan: str | None) -> Text:
    """An outcome in words, with what it comes to; none: there is no such subject."""
    said = OUTCOMES[code] if code else Text("没有这个对象", "no such subject")
    area = [f"{number(Decimal(area_m2))} ㎡"] if area_m2 is not None else []
    money = number(Decimal(yuan)) if yuan is not None else ""
    return Text(
        " ".join([said.zh, *area, *([f"{money} 元"] if money else [])]), " ".join([said.en, *area, *([f"{money} yuan"] if money else [])])
    )


def both_outcomes(row: WithoutRow) -> tuple[Text, Text]:
    """How it comes out, and how without."""
    return _outcome(row.outcome, row.area_m2, row.yuan), _outcome(row.without, row.area_without_m2, row.yuan_without)


def by_whom(row: CorrectionRow) -> Text:
    """What a cell was read as instead, and on whose word."""
    said = f"{row.corrected_by} {row.corrected_on}"
    return Text(f"更正为“{row.new_value}”（{said}：{row.reason}）", f'corrected to "{row.new_value}" ({said}: {row.reason})')
