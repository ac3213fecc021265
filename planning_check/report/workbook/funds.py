"""Money for communities in the workbook: closed by project, community and year, with its totals."""

from __future__ import annotations

from decimal import Decimal

from planning_check.report.console.funds import notes, unknown_text, waits
from planning_check.report.told.funds import Closing, Group
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.book import MOST_ROWS, Book, Column, Sheet

_SPANS = ("came", "credited", "balance")


def write_funds(book: Book, pack: Pack) -> None:
    """Three tables one under the other; nothing where no money came in or was credited."""
    if not any(closing.groups for closing in pack.funds):
        return
    say = book.say
    columns = [
        Column(say("项目 / 社区 / 年度", "project / community / year"), 16, "code"), Column(say("名称", "name"), 20),
        Column(say("来款 最低", "came in, lowest"), 15, "money"), Column(say("来款 最高", "came in, highest"), 15, "money"),
        Column(say("已拨付 最低", "credited, lowest"), 15, "money"), Column(say("已拨付 最高", "credited, highest"), 15, "money"),
        Column(say("余额 最低", "balance, lowest"), 15, "money"), Column(say("余额 最高", "balance, highest"), 15, "money"),
        Column(say("未拨付自", "waits since"), 13),
    ]  # fmt: skip
    sheet = book.sheet(say("资金去向", "Money to communities"), columns, heading=2, freeze=1)
    sheet.title(say("没收款、折资款的去向", "Where the money for communities went"),
                say("来款 = 已拨付社区 + 余额（元）；余额为负是多拨。合计是已读的；各年的余额是当年的", "came in = credited + balance (yuan); below zero: "
                    "credited beyond what came in. Totals are of what was read; the balance of a year is that year's"))  # fmt: skip
    sheet.heads()
    for closing, title in zip(
        pack.funds, (say("按项目", "By project"), say("按社区", "By community"), say("按年度", "By year")), strict=True
    ):
        sheet.text(title, "head2")
        _table(book, sheet, closing)
    for text in notes(pack.funds[0], book.lang):
        sheet.text(text)
    sheet.finish()


def _table(book: Book, sheet: Sheet, closing: Closing) -> None:
    """A line a group, and one more without sums where something of it was not read; the total is of all that was read,
    in every table the same."""
    first, shown, say = sheet.row, closing.groups[:MOST_ROWS], book.say
    for group in shown:
        code = group.code or say("没有写明", "not told")
        ends = _ends(group)
        if not group.is_open or any(ends):
            sheet.line([code, group.name, *ends, waits(group, book.lang) if closing.by == "project" else None])
        if group.is_open:
            unread = say("没有读全的部分", "what was not read")
            sheet.line([code, f"{group.name} {unread}".strip(), *[unknown_text(book.lang)] * 7])
    last = sheet.row - 1
    if len(closing.groups) > len(shown):
        rest = len(closing.groups) - len(shown)
        sheet.text(say(f"另有 {rest} 行：planning-check funds -o", f"{rest} more: planning-check funds -o"))
    sums = [sum(column, Decimal("0.00")) for column in zip(*map(_ends, shown), strict=True)] or [Decimal("0.00")] * 6
    sheet.sums([say("已读合计", "total read") if closing.total.is_open else say("合计", "total"), "", *sums, ""], first, last)
    sheet.row += 1


def _ends(group: Group) -> list[Decimal]:
    """Lowest and highest of each sum of what was read; in a year its own balance, without what it opened with."""
    return [
        getattr(getattr(group, name), end) - getattr(group.opening, end) * (name == "balance")
        for name in _SPANS
        for end in ("least", "most")
    ]
