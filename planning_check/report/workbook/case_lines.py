"""The lists that the meeting acts on, one line a case: what is missing, what it is worth, its story, and the columns to fill in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

from planning_check.cases import KEY, line_key
from planning_check.errors import Text
from planning_check.report.told.pack import Pack
from planning_check.report.told.standing import stood_text
from planning_check.report.told.story import steps, steps_text
from planning_check.report.told.summary import ListLine, ListSummary
from planning_check.report.told.verdict import AMOUNTS, MAIN, at_stage, marks
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.filled import offer, to_fill
from planning_check.report.workbook.lists import finish, list_name
from planning_check.words import BUREAUS, LISTS, SEVERITIES, label

#: On which row the heads of a list stand, from 0: its sums stand above them.
HEADING = 3
#: What the columns are, and where they are from.
_NOTES = {
    "place": Text("在名单上的位次，最重的在前", "place on the list, the worst first"),
    "id": Text("项目或办公用房的编号，照台账", "of the project or office, as the registers have it"),
    "violations.area_m2": Text("尚缺面积：取所处阶段的一条问题（rules/story.yaml），不重复相加",
                               "still missing: of one finding, that of its stage (rules/story.yaml), never added twice"),
    "violations.yuan": Text("同一阶段所缺面积折资；单价不明的空着", "its worth in lieu at that stage; blank where no unit price is known"),
    "deposits.area_m2": Text("没收案中尚缺的面积", "still missing, by the forfeiture case"),
    "deposits.yuan_min": Text("按比例或全额，较低的一个；两者之间由会议决定",
                              "in proportion or in whole, the lower; between the two the meeting decides"),
    "deposits.yuan": Text("按比例或全额，较高的一个", "in proportion or in whole, the higher"),
    "offices.area_m2": Text("租用、借用的办公用房现用面积", "in use of the rented or borrowed office"),
    "stage": Text("所缺在哪个阶段；没收案所处的阶段；办公用房的建议途径",
                  "at which stage it is missing; of a deposit its class; of an office the path proposed"),
    "bureau": Text("规则所定的责任部门", "the bureau that the rule names"),
    "marks": Text("微差：数额小；不稳：换一种读法就不成立；案件的状态、豁免",
                  "marginal: a small matter; fragile: another reading of the law would undo it; the state of its case, a waiver"),
    "story": Text("按规划、许可、实测、移交、保证金的次序；逐条见附册", "in the order of its story; each finding is in the annex"),
    "message": Text("面积和金额所取的那一条问题的说明", "by the finding that area and money are of"),
    "stood": Text("日志里这一行各条的状态和最后一次决定", "the states of its findings and the last decision, from the log"),
    "rules": Text("不符合的规则的编号", "ids of the rules that it fails"),
    "severity": Text("最重的一条的程度", "of the gravest finding"),
    "key": Text("凭它读回决定，不要改动", "by it decisions are read back; leave it alone"),
}  # fmt: skip
#: How wide the story of a line is on the paper: English takes more room than Chinese.
_STORY = {"zh": 30, "en": 36}
_STAGE = {"violations": Text("阶段", "stage"), "deposits": Text("阶段", "stage"), "offices": Text("途径", "path")}


@dataclass(frozen=True)
class Shown:
    """A column, and what stands in it of a line. ``sums``: the field of the line that it has the sum of."""

    column: Column
    of: Callable[[ListLine], Any]
    sums: str = ""


def write_case_lines(book: Book, pack: Pack) -> dict[str, dict[str, str]]:
    """A sheet for each list; for each list the cells of its amounts as a formula names them, by the field of the line, {} for no lines."""
    return {code: _write(book, pack, code) for code in MAIN}


def accused(one: ListSummary, bureau: str = "") -> list[ListLine]:
    """The lines of a list that accuse somebody still, worst first; ``bureau``: those alone on which it acts."""
    return [line for line in one.accused_lines if bureau in ("", line.bureau)]


def _write(book: Book, pack: Pack, code: str) -> dict[str, str]:
    say, one = book.say, pack.summary.of(code)
    shown = _columns(book, pack, code)
    sheet = book.sheet(list_name(book, code), [each.column for each in shown], heading=HEADING, freeze=3, tab="decide")
    sheet.title(
        label(LISTS, code, book.lang),
        say("一个项目或一处用房一行，最重的在前；浅黄色各列由会议填写，填的是这一行各条问题的决定；“键”在最右一列，不要改动；行可以排序、筛选、隐藏",
            "One line a project or office, the worst first; the pale yellow columns are for the meeting, and decide every finding of the "
            "line; leave the key in the last column alone; rows may be sorted, filtered, hidden"),
    )  # fmt: skip
    lines = accused(one)
    put = lines[:MOST_ROWS]
    first, last = HEADING + 1, HEADING + len(put)
    sheet.filtered(say("行，合计（筛选后随之变）", "lines, sums (of what a filter shows)"), _sums(shown, put), last)
    sheet.heads()
    for place, line in enumerate(put, 1):
        sheet.line([place, *(each.of(line) for each in shown[1:])])
    offer(book, sheet, first, code)
    finish(book, sheet, first, len(lines), len(shown), rest="findings.csv", empty=one.nobody_accused.get(book.lang))
    return {each.sums: sheet.span(at, first, last) for at, each in enumerate(shown) if each.sums} if put else {}


def _sums(shown: Sequence[Shown], lines: Sequence[ListLine]) -> dict[int, Decimal | int | None]:
    """By column: how many lines there are, and the sums of what is known; none where nothing is."""
    sums: dict[int, Decimal | int | None] = {0: len(lines)}
    for at, each in enumerate(shown):
        known = [value for line in lines if each.sums and (value := getattr(line, each.sums)) is not None]
        sums[at] = sum(known, Decimal(0)) if known else sums.get(at)
    return sums


def whose(book: Book, code: str = "violations") -> list[Shown]:
    """Whose line it is: place on its list, id, name, district; an office, which is nobody's development, has its community in their place
    of the developer."""
    lang = book.lang
    return [
        Shown(Column(book.say("序", "no."), 6, "count", note=_NOTES["place"].get(lang)), lambda line: None),
        Shown(Column(book.say("编号", "id"), 10.5, "code", note=_NOTES["id"].get(lang)), lambda line: line.key),
        Shown(Column(book.say("名称", "name"), 9), lambda line: line.name if line.name != line.key else None),
        *(Shown(column, lambda line: book.city_of(line.district_code)[0]) for column in book.city(8)),
        Shown(Column(book.say("区县", "district"), 7), lambda line: line.district),
        *([] if code == "offices" else [Shown(Column(book.say("开发企业", "developer"), 13), lambda line: line.developer)]),
    ]


def beside(book: Book, code: str = "violations") -> list[Shown]:
    """What else there is about it, to the right of the paper."""
    found = [Shown(Column(book.say("社区", "community"), 10, "code", printed=False), lambda line: line.community)]
    if code == "offices":
        return [*found, Shown(Column(book.say("开发企业", "developer"), 20, "code", printed=False), lambda line: line.developer)]
    return found


def amounts(book: Book, code: str) -> list[Shown]:
    """What a line of a list is about, exact: square metres, yuan, or the lowest and the highest yuan."""
    found = []
    for fields, head, is_money in AMOUNTS[code]:
        for name, told in zip(fields, _heads(head, len(fields), is_money=is_money), strict=True):
            note = _NOTES[f"{code}.{name}"].get(book.lang)
            column = Column(
                told.get(book.lang),
                16 if is_money else 12,
                "money" if is_money else "area",
                note=note,
            )
            found.append(Shown(column, attrgetter(name), name))
    return found


def _heads(head: Text, count: int, *, is_money: bool) -> list[Text]:
    """The head of each field of an amount, with its unit."""
    if not is_money:
        return [head]
    parts = [head] if count == 1 else [Text(*pair) for pair in zip(head.zh.split(" - "), head.en.split(" - "), strict=True)]
    return [Text(f"{part.zh} 元", f"{part.en}, yuan") for part in parts]


def _columns(book: Book, pack: Pack, code: str) -> list[Shown]:
    """What the meeting reads, what it fills in, and beyond the paper what is sorted and filtered by; the key last."""
    say, lang = book.say, book.lang
    is_told = code == "violations"  # on the other lists the stage says it

    def noted(head: str, width: float, note: str, style: str = "text", *, printed: bool = True) -> Column:
        return Column(head, width, style, printed=printed, note=_NOTES[note].get(lang))

    is_decided = bool(pack.summary.stands.told().zh)
    wide = 12 * is_decided  # what the column of the last decision takes of the others
    last = noted(say("上次议定", "decided last"), 12, "stood", "stood")
    story = Shown(
        noted(
            say("不符合的规则", "what it fails"),
            _STORY[lang] - wide if is_told else 60,
            "story",
            "text" if is_told else "code",
            printed=is_told,
        ),
        lambda line: steps_text(steps(line, pack.rules, pack.run.manifest.get("stages", ()))).get(lang),
    )
    message = Shown(
        noted(say("说明", "what was found"), 28 - wide // 3 if code == "offices" else 90, "message",
              "text" if code == "offices" else "code", printed=code == "offices"),
        lambda line: line.message.get(lang),
    )  # fmt: skip
    acts = Shown(
        noted(say("由谁办", "who acts"), 6, "bureau", printed=code != "deposits"),
        lambda line: label(BUREAUS, line.bureau, lang) if line.bureau else None,
    )
    found = [
        *whose(book, code), *amounts(book, code),
        Shown(noted(_STAGE[code].get(lang), 14 if code == "offices" else 8, "stage"), lambda line: at_stage(code, line).get(lang)),
        Shown(noted(say("注意", "marks"), 7, "marks"), lambda line: marks(line).get(lang)),
        acts, story, message,
        *([Shown(last, lambda line: stood_text(line.stands, lang))] if is_decided else []),
        *(Shown(column, lambda line: None) for column in to_fill(book, code)),
        *beside(book, code),
        Shown(noted(say("规则", "rule"), 18, "rules", "code", printed=False), lambda line: " ".join(line.rules)),
        Shown(noted(say("程度", "severity"), 8, "severity", printed=False), lambda line: label(SEVERITIES, line.severity, lang)),
        Shown(noted(KEY.get(lang), 18, "key", "code", printed=False), lambda line: line_key(code, line.subject, line.key)),
    ]  # fmt: skip
    return sorted(found, key=lambda each: not each.column.printed)
