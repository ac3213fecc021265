"""The register of corrections: every row with what became of it, and the outcomes that turn on those applied."""

from __future__ import annotations

from planning_check.report.told.corrections import STATES, both_outcomes
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish
from planning_check.words import SUBJECTS, label


def write_corrections(book: Book, pack: Pack) -> None:
    """Two sheets; neither where nothing was registered."""
    if not pack.corrections:
        return
    say, lang = book.say, book.lang
    columns = [
        Column(say("结果", "result"), 24), Column(say("文件", "file"), 26), Column(say("工作表", "sheet"), 14),
        Column(say("编号", "id"), 16, "code"),
        Column(say("字段", "field"), 18), Column(say("报送的值", "as delivered"), 16), Column(say("登记的原值", "old value"), 16),
        Column(say("更正值", "new value"), 16), Column(say("理由", "reason"), 30), Column(say("更正人", "by"), 10),
        Column(say("更正日期", "on"), 12), Column(say("有效期至", "until"), 12),
    ]  # fmt: skip
    sheet = book.sheet(say("更正登记", "Corrections"), columns, heading=2)
    sheet.title(
        say("更正登记", "The register of corrections"),
        say("只有报送的仍是原值时才采用；没有采用的逐条写明", "Applied only while the old value still stands; the others say why not"),
    )
    sheet.heads()
    first = sheet.row
    for c in sorted(pack.corrections, key=lambda c: list(STATES).index(c.state))[:MOST_ROWS]:
        told = (c.old_value, c.new_value, c.reason, c.corrected_by, c.corrected_on, c.valid_to)
        sheet.line([STATES[c.state].get(lang), c.file, c.sheet, c.record_key, c.field_told, c.raw, *told])
    finish(book, sheet, first, len(pack.corrections), len(columns), rest="corrections.csv")
    changed = pack.summary.corrected.changed
    columns = [Column(say("规则", "rule"), 10, "code"), Column(say("对象", "subject"), 16), Column(say("编号", "id"), 26, "code"),
               Column(say("更正后的结论", "as corrected"), 22), Column(say("照报送原样的结论", "as delivered"), 22)]  # fmt: skip
    sheet = book.sheet(say("因更正而变", "Turns on corrections"), columns, heading=2)
    sheet.title(
        say("因更正登记而改变的结论", "Outcomes that turn on the register of corrections"),
        say("报送又照原样核查了一遍，结论不同的列在这里", "The delivery was judged once more as it came; what came out otherwise is here"),
    )
    sheet.heads()
    first = sheet.row
    for w in changed[:MOST_ROWS]:
        outcomes = (text.get(lang) for text in both_outcomes(w))
        sheet.line([w.rule_id, label(SUBJECTS, w.subject, lang), w.subject_key, *outcomes])
    finish(book, sheet, first, len(changed), len(columns), rest="outcomes_without.csv")
