"""What could not be judged, one line a project: what is missing, from whom, and what is at stake."""

from __future__ import annotations

from typing import Any

from planning_check.errors import Text
from planning_check.report.told.numbers import number
from planning_check.report.told.opened import OPEN, TITLE, Opened, key_of, opened
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish
from planning_check.words import BUREAUS, labels


def write_open_lines(book: Book, pack: Pack) -> None:
    """Those with the most money at stake first; rules that could not run before all."""
    say, lang = book.say, book.lang
    found = opened((f for outcome in OPEN for f in pack.findings(outcome=outcome)), pack.rules, lang)
    columns = [
        Column(say("编号", "id"), 12, "code"), Column(say("名称", "name"), 12), *book.city(), Column(say("区县", "district"), 9),
        Column(say("社区", "community"), 11.5), Column(say("开发企业", "developer"), 15),
        Column(say("缺什么", "what is missing"), 60, note=say("补上才能判定的事实", "the facts without which there is no verdict")),
        Column(say("由谁补", "from whom"), 11, note=say("掌握这些事实的部门", "the bureaus that own them")),
        Column(say("未判 条", "open verdicts"), 9, "count"),
        Column(say("最少涉及 元", "at best, yuan"), 14, "money", note=say("缺的事实取最好的值时，各条中最大的一条",
               "were the unknown at its best: the largest of its verdicts")),
        Column(say("最多涉及 元", "at worst, yuan"), 15, "money", note=say("取最坏的值时，各条中最大的一条",
               "at its worst: the largest of its verdicts")),
        Column(say("规则", "rule"), 24, "code", printed=False),
    ]  # fmt: skip
    sheet = book.sheet(TITLE.get(lang), columns, heading=2, freeze=2, tab="beside")
    verdicts = sum(one.count for one in found)
    sheet.title(
        say("未能判定的事项", "What could not be determined"),
        say(f"缺数据不是符合；补齐后重新检查。{number(verdicts)} 个结论，一个项目一行，逐条见附册",
            f"What is missing is no pass: supply it and check again. {number(verdicts)} verdicts, one line a project; each is in the "
            "annex"),
    )  # fmt: skip
    sheet.heads()
    first = sheet.row
    for one in found[:MOST_ROWS]:
        sheet.line(_row(one, book))
    finish(book, sheet, first, len(found), len(columns))


def _row(one: Opened, book: Book) -> list[Any]:
    lang, f, key = book.lang, one.first, key_of(one.first)
    return [
        key, one.name or None, *book.city_of(f["district_code"]), f["district_name"], f["community_name"], f["developer_name"],
        Text("、", ", ").get(lang).join(filter(None, one.missing)), labels(BUREAUS, ",".join(one.owners), lang) if one.owners else None,
        one.count, one.least, one.most, " ".join(one.rules),
    ]  # fmt: skip
