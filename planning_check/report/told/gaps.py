"""Movements of money that do not match: what was credited without an origin, what came in and was never credited, what went elsewhere,
what is not told. Of what was read, a line a movement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from planning_check.errors import Place, Text
from planning_check.record.run import FundRow
from planning_check.report.told.funds import Group, Span

KINDS = {
    "no_origin": Text("有拨付，没有来款", "credited without an origin"),
    "beyond": Text("拨付多于来款", "credited beyond what came in"),
    "never_credited": Text("来款后从未拨付", "came in, never credited"),
    "part_credited": Text("来款只拨付了一部分", "credited in part only"),
    "elsewhere": Text("拨给不是项目所在的社区", "credited to a community that is none of the project's"),
    "whose_unknown": Text("拨给哪个社区、是不是项目所在的不明", "not known whether the community credited is the project's"),
    "use_unknown": Text("已拨付，用途没有写明", "credited, what for is not told"),
    "unlisted": Text("项目不在台账", "the project is not in the ledger"),
    "not_known": Text("是否已发生或已到账不明", "not known whether it happened or was received"),
}


WHAT = {"forfeited": Text("没收", "forfeited"), "in_lieu": Text("折资", "in lieu"), "credited": Text("拨付", "credited")}


@dataclass(frozen=True)
class Gap:
    """One movement that does not match, and why (of :data:`KINDS`). ``left``: what came in of its project less what was credited, where
    that is the reason; ``where``: the cell that holds the sum, None where the run does not keep its row."""

    kind: str
    row: FundRow
    left: Span | None = None
    where: Place | None = None


def gaps(rows: Sequence[FundRow], projects: Iterable[Group]) -> list[Gap]:
    """Those of the movements that count or may count, by kind, the largest first. ``projects``: the closing by project; of a project that
    was not read whole nothing is told that more rows could explain."""
    counted = [row for row in rows if row.yuan is not None and row.counts != "no"]
    of_project: dict[str, list[FundRow]] = {}
    for row in counted:
        of_project.setdefault(row.project_id or "", []).append(row)
    found = [gap for group in projects if not group.is_open for gap in _of(group, of_project.get(group.code, ()))]
    for row in counted:
        if row.counts == "unknown":
            found.append(Gap("not_known", row))
        if row.what == "credited":
            if row.is_own == "no":
                found.append(Gap("elsewhere", row))
            elif row.is_own == "unknown":
                found.append(Gap("whose_unknown", row))
            if row.spent_on in (None, "not_read"):
                found.append(Gap("use_unknown", row))
        if row.is_in_ledger == "no":
            found.append(Gap("unlisted", row))
    order = list(KINDS)
    return sorted(found, key=lambda gap: (order.index(gap.kind), -(gap.row.yuan or 0), gap.row.project_id or "", gap.row.item or ""))


def _of(group: Group, rows: Iterable[FundRow]) -> list[Gap]:
    """What came in against what was credited, in one project, as far as both are known for certain; a payment that was credited whole is
    matched."""
    of_item: dict[tuple[str, str | None], list[FundRow]] = {}
    for row in rows:
        if row.counts == "yes":
            of_item.setdefault((row.register, row.item), []).append(row)
    left = [row for of_it in of_item.values() if _balance(of_it) or len(of_it) == 1 for row in of_it]
    came, went = ([row for row in left if (row.what == "credited") == is_credit] for is_credit in (False, True))
    if group.balance.most < 0:
        return [Gap("beyond" if came else "no_origin", row, group.balance) for row in went]
    if group.balance.least > 0:
        return [Gap("part_credited" if went else "never_credited", row, group.balance) for row in came]
    return []


def _balance(rows: Iterable[FundRow]) -> Decimal:
    signed = ((row.yuan or Decimal(0)) * (-1 if row.what == "credited" else 1) for row in rows)
    return sum(signed, Decimal(0))
