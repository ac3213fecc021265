"""What the bureaus tell differently, and what goes back to each of them to be corrected at source."""

from __future__ import annotations

from planning_check.report.told.disagreements import disagreements
from planning_check.report.told.pack import Pack
from planning_check.report.told.returns import STATES
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish
from planning_check.words import BUREAUS, label


def write_disagreements(book: Book, pack: Pack) -> None:
    """One row a record and field, every source's value under the other; no sheet where nothing differs."""
    found = disagreements(pack.disagreements)
    if not found:
        return
    say, lang = book.say, book.lang
    columns = [
        Column(say("数据表", "table"), 16), Column(say("编号", "id"), 18, "code"), Column(say("字段", "field"), 18),
        Column(say("各处的值", "what each tells"), 60), Column(say("相差", "difference"), 14), Column(say("采用的值", "used"), 18),
        Column(say("为什么", "why"), 26), Column(say("由谁核定", "who settles it"), 10), Column(say("核定的值", "settled"), 16, "typed"),
    ]  # fmt: skip
    sheet = book.sheet(say("各处不一致", "Disagreements"), columns, heading=2)
    sheet.title(
        say("各部门、各表不一致的值", "What bureaus and sheets tell differently"),
        say(
            "核定后由来源部门改正重报，或写进更正登记", "Once settled, the source corrects it, or it goes into the register of corrections"
        ),
    )
    sheet.heads()
    first = sheet.row
    for one in found[:MOST_ROWS]:
        told = "\n".join(
            f"{label(BUREAUS, t.bureau, lang) + ' ' if t.bureau else ''}{t.raw}{say('（', ' (')}{t.where.get(lang)}{say('）', ')')}"
            for t in one.told
        )
        own = [one.table_label.get(lang), one.key, one.field_label.get(lang), told, one.apart(lang), one.used, one.why.get(lang)]
        sheet.line([*own, label(BUREAUS, one.owner, lang), None])
    finish(book, sheet, first, len(found), len(columns), rest="disagreements.csv")


def write_returns(book: Book, pack: Pack) -> None:
    """A sheet a bureau that has something to correct, or had last time."""
    for code in (*BUREAUS, ""):
        write_return(book, pack, code)


def write_return(book: Book, pack: Pack, code: str) -> None:
    """What goes back to one bureau, or to nobody known (''); no sheet where nothing does."""
    say, lang = book.say, book.lang
    found = [one for one in pack.returns if one.bureau == code]
    if not found:
        return
    columns = [
        Column(say("与上次相比", "since last time"), 18), Column(say("文件", "file"), 30), Column(say("工作表", "sheet"), 16),
        Column(say("行", "row"), 8, "count"), Column(say("列", "column"), 6, "code"), Column(say("编号", "id"), 18, "code"),
        Column(say("报送的", "as delivered"), 18), Column(say("问题", "what is wrong"), 52), Column(say("怎么办", "what to do"), 40),
        Column(say("改正情况", "done"), 14, "typed"),
    ]  # fmt: skip
    whose = label(BUREAUS, code, lang) if code else say("来源不明", "source unknown")
    sheet = book.sheet(say(f"退回更正 {whose}", f"Return {whose}")[:28], columns, heading=2, tab="beside")
    open_ = sum(one.is_open for one in found)
    sheet.title(
        say(f"退回{whose}更正", f"To be corrected at source: {whose}"),
        say(f"要改正的 {open_} 处；上次退回的注明改没有改", f"{open_} to correct; of those returned before, whether they were corrected"),
    )
    sheet.heads()
    first = sheet.row
    for one in found[:MOST_ROWS]:
        state = STATES[one.state].get(lang) if one.state else None
        place = (one.where.file, one.where.sheet, one.where.row, one.where.column)
        sheet.line([state, *place, one.key, one.raw, one.what.get(lang), one.fix.get(lang), None])
    finish(book, sheet, first, len(found), len(columns), rest="returns.csv")
