"""The lists to decide: one row a finding, its key, what it says, the law, the cure, and the columns that the meeting fills in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from planning_check.cases import FIELDS as FIELDS_TO_FILL
from planning_check.cases import KEY, STATES
from planning_check.errors import Text
from planning_check.record.finding import FIELDS, Finding, said
from planning_check.report.told.facts import missing_label
from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack
from planning_check.report.told.standing import DISMISSED, stood_last
from planning_check.report.workbook.book import MOST_ROWS, Book, Column, Sheet
from planning_check.report.workbook.filled import offer, to_fill
from planning_check.words import BUREAUS, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, SUBJECTS, label, labels


def write_lists(book: Book, pack: Pack) -> None:
    """A sheet a list, then what could not be judged, what other readings of the law would undo, and what a document exempts."""
    say = book.say
    new = pack.since.new if pack.since else frozenset()
    for code in LISTS:
        _write(
            book, list_name(book, code), label(LISTS, code, book.lang), pack, new, decides=code if code != "data" else None,
            both=code == "deposits", list=code, outcome="violation", **pack.accused,
        )  # fmt: skip
    _write_open(book, pack)
    _write(book, say("口径敏感", "Fragile"), say("换一种读法就不成立的违规", "Violations that another reading of the law would undo"),
           pack, new, decides="fragile", both=True, robustness="fragile", **pack.accused)  # fmt: skip
    _write(book, say("免除", "Exemptions"), say("依文件免除", "Exempt by a document"), pack, new, decides=None, outcome="exempt")


def write_dismissed(book: Book, pack: Pack) -> None:
    """What the meeting dismissed, a row a finding, to be decided anew; no sheet where nothing was."""
    if pack.accused:
        _write(book, book.say("不予认定", "Dismissed"), book.say("会议不予认定，不再列为违规", "Dismissed by the meeting, no longer held against anybody"),
               pack, frozenset(), decides="dismissed", both=True, outcome="violation", states=DISMISSED)  # fmt: skip


def list_name(book: Book, code: str) -> str:
    """The name of a list's sheet."""
    short = {"offices": Text("租借办公用房", "Offices"), "controls": Text("部门履职", "Controls"), "programme": Text("待建设达标", "To build up"),
             "deposits": Text("拟没收保证金", "Deposits"), "leads": Text("线索与提示", "Leads")}  # fmt: skip
    return short.get(code, LISTS[code]).get(book.lang)


#: What the columns are, and where they are from.
_NOTES = {
    "matter": Text("规则的编号和名称，没收案、办公用房另写类别", "id and title of the rule, and the class of a forfeiture case or an office"),
    "severity": Text("规则所定，数额小的较轻", "as the rule says; less where the matter is small"),
    "whom": Text("编号、名称、区县、社区、开发企业，照台账", "id, name, district, community, developer, as the registers have them"),
    "area": Text("这一条查出的面积；同一片面积可能被几条查出，不能相加", "by this finding; several findings may see the same area: it does not add up"),
    "lowest": Text("两种算法中较低的，没收案才有", "the lower of two amounts, of a forfeiture case"),
    "yuan": Text("这一条的金额，没收案为较高的；几条的金额不能相加", "by this finding, of a forfeiture case the higher; it does not add up over "
                 "findings"),
    "found": Text("规则的说明，填有算得的数", "what the rule says, with its numbers put in"),
    "last": Text("日志里的状态和最后一次决定", "state and last decision, from the log"),
    "cure": Text("规则所写的办法", "the cure that the rule writes"),
    "law": Text("适用的办法，未与公报核对的注明未核实", "the ordinance that governs it; not verified: nobody held it against the gazette"),
    "new": Text("上一次检查没有的", "not in the check before"),
    "state": Text("日志里案件走到哪一步", "how far its case has come, from the log"),
    "key": Text("凭它读回决定，不要改动", "by it decisions are read back; leave it alone"),
}  # fmt: skip


def _noted(book: Book, note: str, head: str, width: float, style: str = "text", *, printed: bool = True) -> Column:
    return Column(head, width, style, printed=printed, note=_NOTES[note].get(book.lang))


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


def _city(book: Book) -> list[Shown]:
    """In a province's workbook the city, beyond the paper: on it the place says it."""
    return [Shown(column, lambda f: book.city_of(f["district_code"])[0]) for column in book.city(12, printed=False)]


def _of(f: Finding, name: str) -> Any:
    return cast("Mapping[str, Any]", f)[name]


def _columns(book: Book, new: frozenset[str], *, decides: str | None, both: bool, stood: bool) -> list[Shown]:
    """What the meeting reads, what it fills in, and beyond the paper what is sorted and filtered by; the key last.
    ``decides``: the list whose columns it fills in, None: none. ``both``: lowest and highest amount. ``stood``: whether anything was
    decided before, so that it is printed, in grey."""
    say, lang = book.say, book.lang
    typed = [Shown(column, lambda f: None) for column in (to_fill(book, decides) if decides is not None else ())]
    lowest = Shown(_noted(book, "lowest", say("最低 元", "lowest, yuan"), 15, "money"), lambda f: f["yuan_min"])
    yuan = _noted(book, "yuan", say("最高 元", "highest, yuan") if both else say("金额 元", "yuan"), 15 if both else 16, "money")
    last = [Shown(_noted(book, "last", say("上次议定", "decided last"), 20, "stood"), lambda f: stood_last(f, lang))] if stood else []
    room = (48 if typed else 70) - (14 if both else 0) - (8 if stood else 0)
    shown = [
        Shown(_noted(book, "matter", say("事项", "matter"), 18), lambda f: matter(f, lang)),
        Shown(_noted(book, "severity", say("程度", "severity"), 8), lambda f: label(SEVERITIES, f["severity"], lang)),
        Shown(_noted(book, "whom", say("对象", "whom or what"), 30), lambda f: whom(f, book)),
        Shown(_noted(book, "area", say("面积 ㎡", "area, m2"), 13, "area"), lambda f: f["area_m2"]),
        *([lowest] if both else ()), Shown(yuan, lambda f: f["yuan"]),
        Shown(_noted(book, "found", say("说明", "what was found"), room), lambda f: said(f, "message", lang) or said(f, "reason", lang)),
        *last, *typed,
        Shown(_noted(book, "cure", say("怎么办", "cure"), 34, printed=False), lambda f: said(f, "cure", lang)),
        Shown(_noted(book, "law", say("依据", "law"), 18, printed=False), lambda f: _law(book, f)), _field(book, "rule_id", 8, "code"),
        Shown(Column(say("类别", "class"), 14, printed=False), lambda f: said(f, "status", lang)),
        _field(book, "subject", 12, words=SUBJECTS), _field(book, "subject_key", 22, "code"), _field(book, "subject_name", 24),
        *_city(book), _field(book, "district_name", 12), _field(book, "community_name", 14),
        _field(book, "developer_name", 26), _field(book, "robustness", 10, words=ROBUSTNESS),
        Shown(_noted(book, "new", say("新增", "new"), 7, printed=False), lambda f: say("新", "new") if f["fingerprint"] in new else None),
        *_case(book), _key(book),
    ]  # fmt: skip
    return sorted(shown, key=lambda each: not each.column.printed)


def _case(book: Book) -> list[Shown]:
    """Beyond the paper: state of the case; conclusion, day and resolution of the last decision. No head here is one that is filled in."""
    say, lang = book.say, book.lang
    conclusions = dict(FIELDS_TO_FILL["conclusion"].choices)
    return [
        Shown(_noted(book, "state", say("案件状态", "state of the case"), 12, printed=False), lambda f: label(STATES, f["case_state"], lang)),
        Shown(Column(say("上次结论", "last conclusion"), 10, printed=False),
              lambda f: label(conclusions, f["decision"], lang) if f["decision"] else None),
        Shown(Column(say("上次会议", "last meeting"), 12, printed=False), lambda f: f["decision_on"]),
        Shown(Column(say("上次决议", "last resolution"), 18, "code", printed=False), lambda f: f["decision_no"]),
    ]  # fmt: skip


def _key(book: Book) -> Shown:
    return Shown(_noted(book, "key", KEY.get(book.lang), 18, "code", printed=False), lambda f: f["fingerprint"])


def _law(book: Book, f: Finding) -> str:
    return (f["ordinance_id"] or "") + (
        "" if f["ordinance_verified"] or not f["ordinance_id"] else book.say("（未核实）", " (not verified)")
    )


def _write(
    book: Book, name: str, title: str, pack: Pack, new: frozenset[str], *, decides: str | None, both: bool = False, **chosen: Any
) -> None:
    shown = _columns(book, new, decides=decides, both=both, stood=bool(pack.summary.stands.told().zh))
    sheet = book.sheet(name, [one.column for one in shown], heading=2, freeze=3, tab="beside")
    sheet.title(title, _note(book, decides is not None))
    sheet.heads()
    first = sheet.row
    for finding in pack.gravest(MOST_ROWS, **chosen):
        sheet.line([one.of(finding) for one in shown])
    if decides is not None:
        offer(book, sheet, first, decides)
    one = pack.summary.of(chosen["list"]) if "list" in chosen else None
    finish(book, sheet, first, pack.count(**chosen), len(shown), empty=one.open.nothing_found().get(book.lang) if one else "")


def _note(book: Book, decides: bool) -> str:
    if decides:
        return book.say("逐条列出；同一片面积可能被几条查出，不能相加，合计见会议材料。某一条另有决定的填浅黄色各列；“键”在最右一列，不要改动",
                        "One row a finding; several may see the same area: they do not add up, the pack of the meeting has the sums. "
                        "What is decided otherwise than its line goes into the pale yellow columns; leave the key in the last column "
                        "alone")  # fmt: skip
    return book.say("供核对，不需决议", "For information; nothing to decide")


def finish(book: Book, sheet: Sheet, first: int, wanted: int, columns: int, *, rest: str = "findings.csv", empty: str = "") -> None:
    """A filter over the rows from ``first`` on; how many of those wanted are not there is said, and which file holds them."""
    last = sheet.row - 1
    if last >= first:
        sheet.sheet.autofilter(first - 1, 0, last, columns - 1)
    else:
        sheet.text(empty or book.say("没有", "none"))
    sheet.rows = wanted
    left = wanted - (last - first + 1)
    if left > 0:
        sheet.text(book.say(f"本表只列前 {number(last - first + 1)} 行，另有 {number(left)} 行，见 {rest}",
                            f"the first {number(last - first + 1)} rows are here; {number(left)} more: see {rest}"))  # fmt: skip
    sheet.finish()


def whom(f: Finding, book: Book) -> str:
    """A finding's subject in a few lines: id and name, place, developer."""
    name = f["subject_name"] or ""
    named = name if f["subject_key"] in name else f"{f['subject_key']} {name}".strip()
    place = " ".join(
        dict.fromkeys(
            part for part in (*book.city_of(f["district_code"]), f["district_name"], f["community_name"]) if part and part != name
        )
    )
    return "\n".join(part for part in (named, place, f["developer_name"]) if part)


def matter(f: Finding, lang: str, between: str = "\n") -> str:
    """Rule, its title and the class of the finding."""
    return between.join(part for part in (f"{f['rule_id']} {said(f, 'rule_title', lang)}", said(f, "status", lang)) if part)


def _write_open(book: Book, pack: Pack) -> None:
    say, lang = book.say, book.lang
    rules = {rule.rule_id: rule for rule in pack.rules}

    def missing(f: Finding) -> str:
        return say("、", ", ").join(missing_label(rules[f["rule_id"]], name).get(lang) for name in f["missing"])

    shown = [
        Shown(Column(say("事项", "matter"), 24), lambda f: matter(f, lang)),
        Shown(Column(say("对象", "whom or what"), 30), lambda f: whom(f, book)),
        Shown(Column(say("缺什么", "what is missing"), 48), lambda f: said(f, "reason", lang) or missing(f)),
        Shown(Column(say("由谁补", "from whom"), 16),
              lambda f: labels(BUREAUS, ",".join(f["missing_owner"]), lang) if f["missing_owner"] else None),
        Shown(Column(say("最少涉及 元", "at best, yuan"), 17, "money"), lambda f: f["exposure_min_yuan"]),
        Shown(Column(say("最多涉及 元", "at worst, yuan"), 17, "money"), lambda f: f["exposure_max_yuan"]),
        _field(book, "outcome", 12, words=OUTCOMES), _field(book, "rule_id", 8, "code"), _field(book, "subject_key", 22, "code"),
        *_city(book), _field(book, "district_name", 12), *_case(book), _key(book),
    ]  # fmt: skip
    sheet = book.sheet(say("未能判定", "Not determined"), [one.column for one in shown], heading=2, freeze=2, tab="beside")
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
