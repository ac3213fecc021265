"""The lists to decide: one row a finding, its key, what it says, the law, the cure, and the columns that the meeting fills in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planning_check.record.finding import Finding, said
from planning_check.report.told.facts import fact_label
from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.book import MOST_ROWS, Book, Column, Sheet
from planning_check.schema import CONCLUSIONS
from planning_check.words import BUREAUS, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, SUBJECTS, label, labels

#: The columns that people fill in: code -> head. A reader finds them by these heads, and the row by its key.
DECISION = {
    "conclusion": ("会议结论", "conclusion"), "responsible": ("责任部门", "responsible"), "due_on": ("办理期限", "due on"),
    "resolution_no": ("决议文号", "resolution no."), "note": ("备注", "note"),
}  # fmt: skip
KEY = ("键", "key")


def write_lists(book: Book, pack: Pack) -> None:
    """A sheet a list, then what could not be judged, what other readings of the law would undo, and what was waived."""
    say = book.say
    new = pack.since.new if pack.since else frozenset()
    short = {"offices": say("租借办公用房", "Offices"), "controls": say("部门履职", "Controls"), "programme": say("待建设达标", "To build up"),
             "deposits": say("拟没收保证金", "Deposits"), "leads": say("线索与提示", "Leads")}  # fmt: skip
    for code in LISTS:
        name = label(LISTS, code, book.lang)
        _write(
            book, short.get(code, name), name, pack, new, decides=code != "data", both=code == "deposits", list=code, outcome="violation"
        )
    _write_open(book, pack)
    _write(book, say("口径敏感", "Fragile"), say("换一种读法就不成立的违规", "Violations that another reading of the law would undo"),
           pack, new, decides=True, both=True, robustness="fragile")  # fmt: skip
    _write(book, say("免除", "Waivers"), say("依文件免除", "Waived by a document"), pack, new, decides=False, outcome="exempt")


def _columns(book: Book, *, decides: bool, both: bool = False) -> list[Column]:
    """What the meeting reads, what it fills in, and beyond the paper what is sorted and filtered by; the key last. ``both``: lowest and highest amount."""
    say = book.say
    typed = [
        Column(say(*head), width, "day" if code == "due_on" else "typed")
        for (code, head), width in zip(DECISION.items(), (10, 10, 11, 13, 12), strict=True)
    ]
    money = [Column(say("最低 元", "lowest, yuan"), 15, "money"), Column(say("最高 元", "highest, yuan"), 15, "money")]
    found = (48 if decides else 70) - (14 if both else 0)
    return [
        Column(say("事项", "matter"), 18), Column(say("程度", "severity"), 8), Column(say("对象", "whom or what"), 30), Column(say("面积 ㎡", "area, m2"), 13, "area"),
        *(money if both else [Column(say("金额 元", "yuan"), 16, "money")]), Column(say("说明", "what was found"), found),
        *(typed if decides else ()),
        *(Column(head, width, style, printed=False) for head, width, style in (
            (say("怎么办", "cure"), 34, "text"), (say("依据", "law"), 18, "text"), (say("规则", "rule"), 8, "code"), (say("类别", "class"), 14, "text"),
            (say("对象类别", "kind"), 12, "text"), (say("编号", "id"), 22, "code"), (say("名称", "name"), 24, "text"), (say("区县", "district"), 12, "text"),
            (say("社区", "community"), 14, "text"), (say("开发企业", "developer"), 26, "text"), (say("稳健", "robustness"), 10, "text"),
            (say("新增", "new"), 7, "text"), (say(*KEY), 18, "code"),
        )),
    ]  # fmt: skip


def _write(book: Book, name: str, title: str, pack: Pack, new: frozenset[str], *, decides: bool, both: bool = False, **chosen: str) -> None:
    columns = _columns(book, decides=decides, both=both)
    sheet = book.sheet(name, columns, heading=2, freeze=1)
    sheet.title(title, _note(book, decides))
    sheet.heads()
    first = sheet.row
    for finding in pack.gravest(MOST_ROWS, **chosen):
        sheet.line(_cells(book, finding, new, decides, both))
    if decides and sheet.row > first:
        _choices(book, sheet, first, 7 if both else 6)
    one = pack.summary.of(chosen["list"]) if "list" in chosen else None
    finish(book, sheet, first, pack.count(**chosen), len(columns), empty=one.open.nothing_found().get(book.lang) if one else "")


def _note(book: Book, decides: bool) -> str:
    if decides:
        return book.say("浅黄色各列由会议填写；“键”在最右一列，不要改动；行可以排序、筛选、隐藏",
                        "The pale yellow columns are for the meeting; leave the key in the last column alone; rows may be sorted, filtered, hidden")  # fmt: skip
    return book.say("供核对，不需决议", "For information; nothing to decide")


def finish(book: Book, sheet: Sheet, first: int, wanted: int, columns: int, *, rest: str = "findings.csv", empty: str = "") -> None:
    """A filter over the rows from ``first`` on; how many of those wanted are not there is said, and which file holds them."""
    last = sheet.row - 1
    if last >= first:
        sheet.sheet.autofilter(first - 1, 0, last, columns - 1)
    else:
        sheet.text(empty or book.say("没有", "none"))
    left = wanted - (last - first + 1)
    if left > 0:
        sheet.text(book.say(f"本表只列前 {number(last - first + 1)} 行，另有 {number(left)} 行，见 {rest}",
                            f"the first {number(last - first + 1)} rows are here; {number(left)} more: see {rest}"))  # fmt: skip
    sheet.finish()


def whom(f: Finding) -> str:
    """A finding's subject in a few lines: id and name, place, developer."""
    name = f["subject_name"] or ""
    named = name if f["subject_key"] in name else f"{f['subject_key']} {name}".strip()
    place = " ".join(dict.fromkeys(part for part in (f["district_name"], f["community_name"]) if part and part != name))
    return "\n".join(part for part in (named, place, f["developer_name"]) if part)


def matter(f: Finding, lang: str) -> str:
    """Rule, its title and the class of the finding."""
    status = said(f, "status", lang)
    return f"{f['rule_id']} {said(f, 'rule_title', lang)}" + (f"\n{status}" if status else "")


def _cells(book: Book, f: Finding, new: frozenset[str], decides: bool, both: bool) -> list[Any]:
    lang = book.lang
    law = f["ordinance_id"] or ""
    if law and not f["ordinance_verified"]:
        law += book.say("（未核实）", " (not verified)")
    return [
        matter(f, lang), label(SEVERITIES, f["severity"], lang), whom(f), f["area_m2"], *([f["yuan_min"]] if both else []), f["yuan"],
        said(f, "message", lang) or said(f, "reason", lang),
        *([None] * len(DECISION) if decides else ()), said(f, "cure", lang), law, f["rule_id"], said(f, "status", lang), label(SUBJECTS, f["subject"], lang),
        f["subject_key"], f["subject_name"], f["district_name"], f["community_name"], f["developer_name"],
        label(ROBUSTNESS, f["robustness"], lang) if f["robustness"] else None, book.say("新", "new") if f["fingerprint"] in new else None, f["fingerprint"],
    ]  # fmt: skip


def _choices(book: Book, sheet: Sheet, first: int, column: int) -> None:
    """Drop-downs and a date check for the columns that people fill in; what else they type is refused with a word why."""
    last = sheet.row - 1
    say = book.say

    def listed(at: int, words: Sequence[str]) -> None:
        sheet.sheet.data_validation(first, at, last, at, {
            "validate": "list", "source": list(words), "error_title": say("请从列表选择", "Choose from the list"),
            "error_message": say("可填：", "It may be: ") + say("、", ", ").join(words),
        })  # fmt: skip

    listed(column, [c.label.get(book.lang) for c in CONCLUSIONS])
    listed(column + 1, [text.get(book.lang) for code, text in BUREAUS.items() if code != "ordinance"])
    sheet.sheet.data_validation(first, column + 2, last, column + 2, {
        "validate": "date", "criteria": ">=", "value": "=DATE(2000,1,1)", "error_title": say("请填日期", "A date, please"),
        "error_message": say("写成 2011-06-30", "Such as 2011-06-30"),
    })  # fmt: skip


def _write_open(book: Book, pack: Pack) -> None:
    say, lang = book.say, book.lang
    columns = [
        Column(say("事项", "matter"), 24), Column(say("对象", "whom or what"), 30), Column(say("缺什么", "what is missing"), 48),
        Column(say("由谁补", "from whom"), 16), Column(say("最少涉及 元", "at best, yuan"), 17, "money"), Column(say("最多涉及 元", "at worst, yuan"), 17, "money"),
        *(Column(head, width, style, printed=False) for head, width, style in (
            (say("结果", "outcome"), 12, "text"), (say("规则", "rule"), 8, "code"), (say("编号", "id"), 22, "code"), (say("区县", "district"), 12, "text"),
            (say(*KEY), 18, "code"),
        )),
    ]  # fmt: skip
    sheet = book.sheet(say("未能判定", "Not determined"), columns, heading=2, freeze=1)
    sheet.title(
        say("未能判定的事项", "What could not be determined"),
        say("缺数据不是符合；补齐后重新检查", "What is missing is no pass; supply it and check again"),
    )
    sheet.heads()
    first = sheet.row

    def cells(f: Finding) -> list[Any]:
        missing = say("、", ", ").join(fact_label(f["subject"], name).get(lang) for name in f["missing"])
        return [
            matter(f, lang), whom(f), said(f, "reason", lang) or missing, labels(BUREAUS, ",".join(f["missing_owner"]), lang) if f["missing_owner"] else None,
            f["exposure_min_yuan"], f["exposure_max_yuan"], label(OUTCOMES, f["outcome"], lang), f["rule_id"], f["subject_key"], f["district_name"], f["fingerprint"],
        ]  # fmt: skip

    for outcome in ("error", "undetermined"):
        for finding in pack.gravest(MOST_ROWS - (sheet.row - first), outcome=outcome):
            sheet.line(cells(finding))
    finish(book, sheet, first, pack.count(outcome="error") + pack.count(outcome="undetermined"), len(columns))
