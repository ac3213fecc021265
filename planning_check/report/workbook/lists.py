"""The lists to decide: one row a finding, its key, what it says, the law, the cure, and the columns that the meeting fills in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from planning_check.cases import FIELDS as FIELDS_TO_FILL
from planning_check.cases import KEY, STATES, fields_of
from planning_check.errors import Text
from planning_check.record.finding import FIELDS, Finding, said
from planning_check.report.told.facts import fact_label
from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack
from planning_check.report.told.standing import DISMISSED, stood_last
from planning_check.report.workbook.book import MOST_ROWS, Book, Column, Sheet
from planning_check.words import BUREAUS, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, SUBJECTS, label, labels

#: How wide the columns are that people fill in.
_WIDTHS = {"conclusion": 10, "responsible": 10, "due_on": 11, "resolution_no": 13, "note": 12, "scope": 9, "amount_yuan": 13, "account": 12,
           "measure": 12, "site": 14, "agreed": 12}  # fmt: skip
_STYLES = {"day": "day", "money": "sum"}


def write_lists(book: Book, pack: Pack) -> None:
    """A sheet a list, then what could not be judged, what other readings of the law would undo, and what a document exempts."""
    say = book.say
    new = pack.since.new if pack.since else frozenset()
    short = {"offices": say("租借办公用房", "Offices"), "controls": say("部门履职", "Controls"), "programme": say("待建设达标", "To build up"),
             "deposits": say("拟没收保证金", "Deposits"), "leads": say("线索与提示", "Leads")}  # fmt: skip
    for code in LISTS:
        name = label(LISTS, code, book.lang)
        _write(
            book, short.get(code, name), name, pack, new, decides=code if code != "data" else None, both=code == "deposits",
            list=code, outcome="violation", **pack.accused,
        )  # fmt: skip
    _write_open(book, pack)
    _write(book, say("口径敏感", "Fragile"), say("换一种读法就不成立的违规", "Violations that another reading of the law would undo"),
           pack, new, decides="fragile", both=True, robustness="fragile", **pack.accused)  # fmt: skip
    if pack.accused:
        _write(book, say("不予认定", "Dismissed"), say("会议不予认定，不再列为违规", "Dismissed by the meeting, no longer held against anybody"),
               pack, new, decides="dismissed", both=True, outcome="violation", states=DISMISSED)  # fmt: skip
    _write(book, say("免除", "Exemptions"), say("依文件免除", "Exempt by a document"), pack, new, decides=None, outcome="exempt")


@dataclass(frozen=True)
class Shown:
    """A column, and what stands in it of a finding."""

    column: Column
    of: Callable[[Finding], Any]


def _field(book: Book, name: str, width: float, style: str = "text", *, words: dict[str, Text] | None = None) -> Shown:
    """A field of the finding as it is (a code by its ``words``), under its own label, beyond the paper."""
    head = Text(*FIELDS[name].label()).get(book.lang)
    return Shown(
        Column(head, width, style, printed=False), lambda f: label(words, value, book.lang) if (value := _of(f, name)) and words else value
    )


def _of(f: Finding, name: str) -> Any:
    return cast("Mapping[str, Any]", f)[name]


def _columns(book: Book, new: frozenset[str], *, decides: str | None, both: bool, stood: bool) -> list[Shown]:
    """What the meeting reads, what it fills in, and beyond the paper what is sorted and filtered by; the key last.
    ``decides``: the list whose columns it fills in, None: none. ``both``: lowest and highest amount. ``stood``: whether anything was
    decided before, so that it is printed, in grey."""
    say, lang = book.say, book.lang
    asked = fields_of(decides) if decides is not None else ()
    typed = [
        Shown(Column(FIELDS_TO_FILL[name].label.get(lang), _WIDTHS[name], _STYLES.get(FIELDS_TO_FILL[name].kind, "typed")), lambda f: None)
        for name in asked
    ]
    lowest = Shown(Column(say("最低 元", "lowest, yuan"), 15, "money"), lambda f: f["yuan_min"])
    yuan = Column(say("最高 元", "highest, yuan"), 15, "money") if both else Column(say("金额 元", "yuan"), 16, "money")
    last = [Shown(Column(say("上次议定", "decided last"), 20, "stood"), lambda f: stood_last(f, lang))] if stood else []
    found = (48 if asked else 70) - (14 if both else 0) - (8 if stood else 0)
    return [
        Shown(Column(say("事项", "matter"), 18), lambda f: matter(f, lang)),
        Shown(Column(say("程度", "severity"), 8), lambda f: label(SEVERITIES, f["severity"], lang)),
        Shown(Column(say("对象", "whom or what"), 30), whom),
        Shown(Column(say("面积 ㎡", "area, m2"), 13, "area"), lambda f: f["area_m2"]),
        *([lowest] if both else ()), Shown(yuan, lambda f: f["yuan"]),
        Shown(Column(say("说明", "what was found"), found), lambda f: said(f, "message", lang) or said(f, "reason", lang)),
        *last, *typed,
        Shown(Column(say("怎么办", "cure"), 34, printed=False), lambda f: said(f, "cure", lang)),
        Shown(Column(say("依据", "law"), 18, printed=False), lambda f: _law(book, f)), _field(book, "rule_id", 8, "code"),
        Shown(Column(say("类别", "class"), 14, printed=False), lambda f: said(f, "status", lang)),
        _field(book, "subject", 12, words=SUBJECTS), _field(book, "subject_key", 22, "code"), _field(book, "subject_name", 24),
        _field(book, "district_name", 12), _field(book, "community_name", 14),
        _field(book, "developer_name", 26), _field(book, "robustness", 10, words=ROBUSTNESS),
        Shown(Column(say("新增", "new"), 7, printed=False), lambda f: say("新", "new") if f["fingerprint"] in new else None),
        *_case(book), _key(book),
    ]  # fmt: skip


def _case(book: Book) -> list[Shown]:
    """Beyond the paper: state of the case; conclusion, day and resolution of the last decision. No head here is one that is filled in."""
    say, lang = book.say, book.lang
    conclusions = dict(FIELDS_TO_FILL["conclusion"].choices)
    return [
        Shown(Column(say("案件状态", "state of the case"), 12, printed=False), lambda f: label(STATES, f["case_state"], lang)),
        Shown(Column(say("上次结论", "last conclusion"), 10, printed=False),
              lambda f: label(conclusions, f["decision"], lang) if f["decision"] else None),
        Shown(Column(say("上次会议", "last meeting"), 12, printed=False), lambda f: f["decision_on"]),
        Shown(Column(say("上次决议", "last resolution"), 18, "code", printed=False), lambda f: f["decision_no"]),
    ]  # fmt: skip


def _key(book: Book) -> Shown:
    return Shown(Column(KEY.get(book.lang), 18, "code", printed=False), lambda f: f["fingerprint"])


def _law(book: Book, f: Finding) -> str:
    return (f["ordinance_id"] or "") + (
        "" if f["ordinance_verified"] or not f["ordinance_id"] else book.say("（未核实）", " (not verified)")
    )


def _write(
    book: Book, name: str, title: str, pack: Pack, new: frozenset[str], *, decides: str | None, both: bool = False, **chosen: Any
) -> None:
    shown = _columns(book, new, decides=decides, both=both, stood=bool(pack.summary.stands.told().zh))
    sheet = book.sheet(name, [one.column for one in shown], heading=2, freeze=1)
    sheet.title(title, _note(book, decides is not None))
    sheet.heads()
    first = sheet.row
    for finding in pack.gravest(MOST_ROWS, **chosen):
        sheet.line([one.of(finding) for one in shown])
    if decides is not None and sheet.row > first:
        _choices(book, sheet, first, {one.column.head: at for at, one in enumerate(shown)}, fields_of(decides))
    one = pack.summary.of(chosen["list"]) if "list" in chosen else None
    finish(book, sheet, first, pack.count(**chosen), len(shown), empty=one.open.nothing_found().get(book.lang) if one else "")


def _note(book: Book, decides: bool) -> str:
    if decides:
        return book.say("浅黄色各列由会议填写；“键”在最右一列，不要改动；行可以排序、筛选、隐藏",
                        "The pale yellow columns are for the meeting; leave the key in the last column alone; rows may be sorted, "
                        "filtered, hidden")  # fmt: skip
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


def _choices(book: Book, sheet: Sheet, first: int, places: Mapping[str, int], asked: Sequence[str]) -> None:
    """Drop-downs, and checks of days and sums, for the columns that people fill in; what else they type is refused with a word why."""
    last = sheet.row - 1
    say = book.say
    for name in asked:
        one = FIELDS_TO_FILL[name]
        at = places[one.label.get(book.lang)]
        words = {"choice": one.choices.values(), "bureau": (text for code, text in BUREAUS.items() if code != "ordinance")}.get(one.kind)
        rule: dict[str, Any] | None = None
        if words is not None:
            told = [word.get(book.lang) for word in words]
            rule = {"validate": "list", "source": told, "error_title": say("请从列表选择", "Choose from the list"),
                    "error_message": say("可填：", "It may be: ") + say("、", ", ").join(told)}  # fmt: skip
        elif one.kind == "day":
            rule = {"validate": "date", "criteria": ">=", "value": "=DATE(2000,1,1)", "error_title": say("请填日期", "A date, please"),
                    "error_message": say("写成 2011-06-30", "Such as 2011-06-30")}  # fmt: skip
        elif one.kind == "money":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_title": say("请填金额（元）", "Yuan, please"),
                    "error_message": say("写成 800000 或 800000.00", "Such as 800000 or 800000.00")}  # fmt: skip
        if rule:
            sheet.sheet.data_validation(first, at, last, at, rule)


def _write_open(book: Book, pack: Pack) -> None:
    say, lang = book.say, book.lang

    def missing(f: Finding) -> str:
        return say("、", ", ").join(fact_label(f["subject"], name).get(lang) for name in f["missing"])

    shown = [
        Shown(Column(say("事项", "matter"), 24), lambda f: matter(f, lang)), Shown(Column(say("对象", "whom or what"), 30), whom),
        Shown(Column(say("缺什么", "what is missing"), 48), lambda f: said(f, "reason", lang) or missing(f)),
        Shown(Column(say("由谁补", "from whom"), 16),
              lambda f: labels(BUREAUS, ",".join(f["missing_owner"]), lang) if f["missing_owner"] else None),
        Shown(Column(say("最少涉及 元", "at best, yuan"), 17, "money"), lambda f: f["exposure_min_yuan"]),
        Shown(Column(say("最多涉及 元", "at worst, yuan"), 17, "money"), lambda f: f["exposure_max_yuan"]),
        _field(book, "outcome", 12, words=OUTCOMES), _field(book, "rule_id", 8, "code"), _field(book, "subject_key", 22, "code"),
        _field(book, "district_name", 12), *_case(book), _key(book),
    ]  # fmt: skip
    sheet = book.sheet(say("未能判定", "Not determined"), [one.column for one in shown], heading=2, freeze=1)
    sheet.title(
        say("未能判定的事项", "What could not be determined"),
        say("缺数据不是符合；补齐后重新检查", "What is missing is no pass; supply it and check again"),
    )
    sheet.heads()
    first = sheet.row
    for outcome in ("error", "undetermined"):
        for finding in pack.gravest(MOST_ROWS - (sheet.row - first), outcome=outcome):
            sheet.line([one.of(finding) for one in shown])
    finish(book, sheet, first, pack.count(outcome="error") + pack.count(outcome="undetermined"), len(shown))
