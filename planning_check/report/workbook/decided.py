"""What the last meetings decided, as the next one reads it: what is not done yet comes first, what was dismissed stands by itself."""

from __future__ import annotations

from planning_check.cases import KEY
from planning_check.record.finding import said
from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack
from planning_check.report.told.standing import decided_text, not_done, overdue, state_text
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish, matter, whom
from planning_check.words import BUREAUS, LISTS, label


def write_not_done(book: Book, pack: Pack) -> None:
    """Confirmed or deferred and still failing, those longest overdue first; no sheet where there is none."""
    say, lang, day = book.say, book.lang, pack.run.as_of
    keys = not_done(pack.cases)
    found = list(pack.findings(fingerprints=keys, outcome="violation")) if keys else []
    if not found:
        return
    found.sort(key=lambda f: (f["decision_due_on"] is None, f["decision_due_on"] or ""))
    columns = [
        Column(say("逾期 天", "days overdue"), 9, "count"), Column(say("期限", "deadline"), 11), Column(say("由谁办", "who acts"), 9),
        Column(say("事项", "matter"), 20), Column(say("对象", "whom or what"), 30), Column(say("当时议定", "what was decided"), 40),
        Column(say("案件状态", "state of the case"), 22), Column(say("本次检查", "this check"), 44),
        *(Column(head, width, style, printed=False) for head, width, style in (
            (say("名单", "list"), 14, "text"), (say("规则", "rule"), 8, "code"), (say("编号", "id"), 22, "code"),
            *((head, 12, "text") for head in book.cities.column(lang)), (say("区县", "district"), 12, "text"), (KEY.get(lang), 18, "code"),
        )),
    ]  # fmt: skip
    sheet = book.sheet(say("上次议定、尚未办结", "Decided, not done"), columns, heading=2, freeze=1)
    late = sum((overdue(f, day) or 0) > 0 for f in found)
    sheet.title(
        say("上次议定、尚未办结", "Decided last time, not done"),
        say(f"认定或暂缓、本次检查仍不符合的 {number(len(found))} 件，其中逾期 {number(late)} 件（算到 {day}）；新的决定填在各名单上",
            f"Confirmed or deferred, and this check still finds it: {number(len(found))}, {number(late)} of them overdue (by {day}); "
            "new decisions go on the lists"),
    )  # fmt: skip
    sheet.heads()
    first = sheet.row
    for f in found[:MOST_ROWS]:
        days = overdue(f, day)
        sheet.line([
            days if days is not None and days > 0 else None, f["decision_due_on"] or say("没有定", "none set"),
            label(BUREAUS, f["decision_responsible"] or f["responsible"], lang), matter(f, lang), whom(f, book), decided_text(f, lang),
            state_text(f, lang), said(f, "message", lang), label(LISTS, f["list"], lang), f["rule_id"], f["subject_key"],
            *book.city_of(f["district_code"]), f["district_name"], f["fingerprint"],
        ])  # fmt: skip
    finish(book, sheet, first, len(found), len(columns))
