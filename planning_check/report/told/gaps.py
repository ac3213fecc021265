"""Movements of money that do not match: what was credited without an origin or before it came in, what came in and was never credited, what
went elsewhere, what was used without a credit, what is not told. Of what was read, a line a movement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from planning_check.errors import Place, Text
from planning_check.record.run import FundRow
from planning_check.report.told.covering import not_credited, uncovered, used_without
from planning_check.report.told.funds import Closing, Group, Span

KINDS = {
    "no_origin": Text("有拨付，没有来款", "credited without an origin"),
    "beyond": Text("拨付多于来款", "credited beyond what came in"),
    "early": Text("拨付在来款之前", "credited before it came in"),
    "order_unknown": Text("拨付是否在来款之前不明", "not known whether it was credited before it came in"),
    "given_back": Text("折资已退还或没有到账，却已拨付", "credited, though the payment was given back or never came in"),
    "used_uncredited": Text("已使用，没有拨付", "used, never credited"),
    "used_given_back": Text("折资已退还或没有到账，却写明已使用", "used, though the payment was given back or never came in"),
    "used_held": Text("没有没收的保证金，写明已使用", "used, though the deposit was not forfeited"),
    "never_credited": Text("来款后从未拨付", "came in, never credited"),
    "part_credited": Text("来款只拨付了一部分", "credited in part only"),
    "elsewhere": Text("拨给不是项目所在的社区", "credited to a community that is none of the project's"),
    "whose_unknown": Text("拨给哪个社区、是不是项目所在的不明", "not known whether the community credited is the project's"),
    "use_unknown": Text("已拨付，用途没有写明", "credited, what for is not told"),
    "unlisted": Text("项目不在台账", "the project is not in the ledger"),
    "not_known": Text("是否已发生或已到账不明", "not known whether it happened or was received"),
}


WHAT = {"forfeited": Text("没收", "forfeited"), "in_lieu": Text("折资", "in lieu"), "credited": Text("拨付", "credited"),
        "used": Text("使用", "used")}  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """One movement that does not match, and why (of :data:`KINDS`). ``part``: the yuan of it that do not match, None where it is not about
    the sum; ``left``: what came in of its project less what was credited, where that is the reason; ``where``: the cell that holds the sum,
    None where the run does not keep its row."""

    kind: str
    row: FundRow
    part: Span | None = None
    left: Span | None = None
    where: Place | None = None

    @property
    def yuan(self) -> Span:
        """What of it does not match."""
        whole = self.row.yuan or Decimal("0.00")
        return Span(whole, whole) if self.part is None else self.part


def gaps(rows: Sequence[FundRow], closing: Closing) -> list[Gap]:
    """Those of the movements that count or may count, by kind, the largest first. ``closing``: of them by project; of a project that
    was not read whole nothing is told that more rows could explain."""
    moved = [row for row in rows if row.yuan is not None]
    counted = [row for row in moved if row.counts != "no"]
    of_project: dict[str, list[FundRow]] = {}
    for row in counted:
        of_project.setdefault(row.project_id or "", []).append(row)
    whole = not any(row.what == "not_delivered" for row in rows)
    open_ = {group.code for group in closing.projects if group.is_open}
    found = [gap for group in closing.projects if not group.is_open for gap in _of(group, of_project.get(group.code, ()))]
    found += _given_back(moved, dt.date.fromisoformat(closing.as_of))
    gone = {(row.register, row.item) for row in moved if row.what == "in_lieu" and row.counts == "no"}
    for code, of_it in of_project.items():
        found += _used(of_it, gone, is_whole=whole and code not in open_)
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
    return sorted(found, key=lambda gap: (order.index(gap.kind), -gap.yuan.most, gap.row.project_id or "", gap.row.item or ""))


def _of(group: Group, rows: Iterable[FundRow]) -> Iterator[Gap]:
    """What came in against what was credited, in one project, in the order of days; what is not known for certain is told by its kind."""
    of_item: dict[tuple[str, str | None], list[FundRow]] = {}
    for row in rows:
        if row.what != "used":
            of_item.setdefault((row.register, row.item), []).append(row)
    left: list[FundRow] = []
    for of_it in of_item.values():
        credit = next((row for row in of_it if row.what == "credited"), None)
        came = next((row for row in of_it if row.what != "credited"), None)
        if came is None or credit is None:
            left += of_it
        elif credit.counts == "unknown" and came.counts == "yes":
            left.append(came)
        elif credit.counts == came.counts == "yes" and came.register == "payments":  # of a forfeiture both are one event
            yield from _before(credit, uncovered([came], [credit])[0].early)
    came_in, went = ([row for row in left if (row.what == "credited") == is_credit] for is_credit in (False, True))
    for row, short in zip(went, uncovered(came_in, went), strict=True):
        if row.counts == "yes":
            if group.balance.most < 0 and short.never.most:
                yield Gap("beyond" if came_in else "no_origin", row, short.never, group.balance)
            yield from _before(row, short.early)
    sure = [row for row in came_in if row.counts == "yes"]
    if group.balance.least > 0:
        for row, part in zip(sure, not_credited(sure, went), strict=True):
            if part.most:
                yield Gap("never_credited" if part.least == row.yuan else "part_credited", row, part, group.balance)


def _before(row: FundRow, early: Span) -> Iterator[Gap]:
    if early.most:
        yield Gap("early" if early.least else "order_unknown", row, early)


def _given_back(rows: Sequence[FundRow], as_of: dt.date) -> Iterator[Gap]:
    """Payments that are not there (any more), but were credited by the day of the check, whatever else was not read."""
    gone = {(row.register, row.item): row for row in rows if row.what == "in_lieu" and row.counts == "no"}
    for row in rows:
        payment = gone.get((row.register, row.item))
        if row.what != "credited" or payment is None:
            continue
        if row.on_hi is not None and row.on_hi <= as_of:
            yield Gap("given_back", row, Span(row.yuan, row.yuan) if row.yuan is not None else None)
        elif (row.on_lo is None or row.on_lo <= as_of) and payment.on_lo is not None and payment.on_lo <= as_of:
            yield Gap("not_known", row)


def _used(rows: Sequence[FundRow], gone: set[tuple[str, str | None]], *, is_whole: bool) -> Iterator[Gap]:
    """Uses of one project for which no credit stands: what of them none of its credits covers, the oldest first."""
    if not is_whole:
        return
    used = [row for row in rows if row.what == "used" and row.counts == "yes"]
    forfeited = {row.item for row in rows if row.what == "forfeited"}
    credited = [row for row in rows if row.what == "credited" and row.register == "deposits"]
    for row, part in zip(used, used_without(used, credited), strict=True):
        if part.most:
            kind = "used_given_back" if (row.register, row.item) in gone else "used_uncredited"
            yield Gap("used_held" if row.register == "deposits" and row.item not in forfeited else kind, row, part)
