"""What one bureau must act on, supply and correct at source, as a workbook of its own."""

from __future__ import annotations

from planning_check.cases import KEY, line_key
from planning_check.report.told.pack import Pack
from planning_check.report.told.standing import stood_text
from planning_check.report.told.story import steps, steps_text
from planning_check.report.told.verdict import MAIN, at_stage, marks
from planning_check.report.workbook import columns, cover, records, returns
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.case_lines import accused, beside, whose
from planning_check.report.workbook.lists import finish
from planning_check.words import BUREAUS, LISTS, label


def write_bureau(book: Book, pack: Pack, code: str) -> None:
    """Cover, its lines of the three lists, its findings with the data that it owes, and what goes back to it."""
    front = cover.begin(book)
    _write_lines(book, pack, code)
    records.write_of_bureau(book, pack, code)
    returns.write_return(book, pack, code)
    columns.write_columns(book)
    cover.fill(book, front, pack, read_back=False)
    cover.write_keys(book, pack)


def _write_lines(book: Book, pack: Pack, code: str) -> None:
    say, lang, stages = book.say, book.lang, pack.run.manifest.get("stages", ())
    own, aside = whose(book), beside(book)
    heads = [
        *(each.column for each in own), Column(say("名单", "list"), 13), Column(say("面积 ㎡", "area, m2"), 10, "area"),
        Column(say("最低 元", "lowest, yuan"), 13, "money"), Column(say("金额（最高）元", "yuan (highest)"), 14, "money"),
        Column(say("阶段", "stage"), 10), Column(say("注意", "marks"), 8), Column(say("不符合的规则", "what it fails"), 44),
        Column(say("议定", "decided"), 12, "stood"), Column(say("办理情况", "done"), 12, "typed"),
        Column(say("说明", "what was found"), 90, "code", printed=False), *(each.column for each in aside),
        Column(KEY.get(lang), 18, "code", printed=False),
    ]  # fmt: skip
    sheet = book.sheet(say("由本部门办理", "To act on"), heads, heading=2, freeze=3, tab="decide")
    name = BUREAUS[code]
    sheet.title(
        say(f"由{name.zh}部门办理的", f"What {name.en} must act on"),
        say(
            "三份名单上由本部门办理的，一个项目或用房一行；逐条见下一页",
            "of the three lists, one line a project or office; each finding is on the next sheet",
        ),
    )
    sheet.heads()
    first = sheet.row
    lines = [(of, line) for of in MAIN for line in accused(pack.summary.of(of), code)]
    for place, (of, line) in enumerate(lines[:MOST_ROWS], 1):
        story = steps_text(steps(line, pack.rules, stages)).get(lang)
        sheet.line([
            place, *(each.of(line) for each in own[1:]), label(LISTS, of, lang), line.area_m2, line.yuan_min, line.yuan,
            at_stage(of, line).get(lang), marks(line).get(lang), story, stood_text(line.stands, lang), None, line.message.get(lang),
            *(each.of(line) for each in aside), line_key(of, line.subject, line.key),
        ])  # fmt: skip
    finish(book, sheet, first, len(lines), len(heads))
