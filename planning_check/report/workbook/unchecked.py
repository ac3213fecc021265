"""What was not checked, as a sheet for the auditors: a line a rule."""

from __future__ import annotations

from planning_check.errors import Text
from planning_check.record.unchecked import Unchecked
from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack
from planning_check.report.told.unchecked import by_rule, judged_in_all
from planning_check.report.workbook.book import Book, Column
from planning_check.words import BUREAUS, label


def write_unchecked(book: Book, pack: Pack) -> None:
    """The rules that came to no verdict on something, those that left most first."""
    if pack.unchecked is None:
        return
    say, lang, found = book.say, book.lang, pack.unchecked()
    columns = [
        Column(say("规则", "rule"), 8, "code"), Column(say("要求", "what it asks"), 34), Column(say("责任部门", "responsible"), 12),
        Column(say("有结论", "judged"), 11, "count"), Column(say("未能判定", "undetermined"), 12, "count"),
        Column(say("规则出错", "error"), 10, "count"), Column(say("不再报送", "not delivered"), 11, "count"),
        Column(say("从未有过结论", "never judged"), 12, "count"), Column(say("以前有结论", "judged before"), 12, "count"),
        Column(say("距上次结论 最少天", "days since, least"), 12, "count"), Column(say("最多天", "most"), 10, "count"),
    ]  # fmt: skip
    sheet = book.sheet(say("没有核对的", "Not checked"), columns, heading=2, freeze=1)
    sheet.title(say("没有核对的", "Not checked"), _told(book, found))
    sheet.heads()
    titles = {rule.rule_id: (Text(rule.title_zh, rule.title_en).get(lang), rule.responsible) for rule in pack.rules}
    first, lines = sheet.row, by_rule(found)
    for one in lines:
        title, bureau = titles.get(one.rule_id, ("", ""))
        counts = (one.judged, one.undetermined, one.error, one.not_delivered, one.never, one.before)
        sheet.line([one.rule_id, title, label(BUREAUS, bureau, lang), *counts, *(one.days or ("—", "—"))])
    if lines:
        sums = [
            sum(getattr(one, name) for one in lines) for name in ("judged", "undetermined", "error", "not_delivered", "never", "before")
        ]
        sheet.sums([say("合计", "total"), "", "", *sums, "", ""], first, sheet.row - 1)
    else:
        sheet.text(say("每条规则对每个对象都有结论", "every rule came to a verdict on every subject"))
    sheet.finish()


def _told(book: Book, found: Unchecked) -> str:
    judged, open_ = number(judged_in_all(found)), number(len(found.lines))
    return book.say(
        f"规则 × 对象：有结论 {judged}，没有结论 {open_}；只列有没有结论的规则。结论含不适用、未到时点、免除；逐个对象：planning-check unchecked -o",
        f"Rules x subjects: with a verdict {judged}, without {open_}; only rules that left something. Not applicable, not yet due and "
        "exempt are verdicts; subject by subject: planning-check unchecked -o",
    )  # fmt: skip
