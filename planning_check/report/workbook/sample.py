"""The list of a sample to take along: a row a case, with columns for what the visit finds; as a workbook and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planning_check.cases import REVISIT, REVISITS
from planning_check.errors import Text
from planning_check.record.finding import said
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.cities import cities_of
from planning_check.report.told.sampling import Sample, drawn_texts
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.book import Book, Column
from planning_check.words import LISTS, label

_STRATA = {"certain": Text("必抽", "certain"), "drawn": Text("按金额抽", "by money"), "all": Text("随机", "random")}
_HEADS = (
    (Text("序号", "no."), 6, "count"), (Text("名单", "list"), 14, "text"), (Text("规则", "rule"), 8, "code"),
    (Text("区县", "district"), 10, "text"), (Text("对象", "subject"), 12, "code"), (Text("名称", "name"), 18, "text"),
    (Text("开发企业", "developer"), 18, "text"), (Text("面积 ㎡", "area, m2"), 12, "area"), (Text("金额 元", "yuan"), 15, "money"),
    (Text("抽中方式", "drawn as"), 10, "text"), (Text("查出的事实", "what was found"), 40, "text"),
)  # fmt: skip
_TYPED = (("found", 12), ("visited_by", 10), ("visited_on", 12), ("note", 18))
_HELD = (("key", 19), ("sample", 30))


def sample_xlsx(found: Sample, lang: str) -> bytes:
    """The list as a workbook, the same bytes for the same draw."""
    title = Text("复查抽样名单", "Sample to be visited again").get(lang)
    return alone(title, found.asked.spec, found.run.as_of, lang, lambda book: _write(book, found, title), cities_of(found.run.manifest))


def _write(book: Book, found: Sample, title: str) -> None:
    lang = book.lang
    columns = [Column(head.get(lang), width, style) for head, width, style in _HEADS]
    columns[3:3] = book.city(10)
    columns += [Column(REVISIT[name].get(lang), width, "typed") for name, width in _TYPED]
    columns += [Column(REVISIT[name].get(lang), width, "code", printed=False) for name, width in _HELD]
    notes = [text.get(lang) for text in drawn_texts(found)]
    known = Text("、", ", ").get(lang).join(label.get(lang) for label in REVISITS.values())
    notes.append(book.say(f"填浅黄色各列（复查结果：{known}），填好后运行 planning-check revisit 本文件",
                          f"Fill in the pale yellow columns (found: {known}), then run planning-check revisit on this file"))  # fmt: skip
    sheet = book.sheet(book.say("抽样名单", "Sample"), columns, heading=len(notes) + 1, freeze=1)
    sheet.title(title, notes[0])
    for note in notes[1:]:
        sheet.note(note)
    sheet.heads()
    first = sheet.row
    for row in _rows(found, lang):
        sheet.line(row)
    at = len(_HEADS) + len(book.city())
    sheet.sheet.data_validation(first, at, sheet.row - 1, at, {
        "validate": "list", "source": [label.get(lang) for label in REVISITS.values()], "error_type": "warning"})  # fmt: skip
    sheet.finish()


def sample_csv(found: Sample, lang: str) -> Iterator[str]:
    """The same as CSV, with the population and the seed in every row."""
    size = (Text("总体件数", "population").get(lang), Text("种子", "seed").get(lang))
    cities = cities_of(found.run.manifest)
    heads = [head.get(lang) for head, _, _ in _HEADS] + [REVISIT[name].get(lang) for name, _ in (*_TYPED, *_HELD)]
    heads[3:3] = cities.column(lang)
    yield BOM + csv_row([*heads, *size])
    for row in _rows(found, lang):
        yield csv_row([*row, found.drawn.population, found.asked.seed])


def _rows(found: Sample, lang: str) -> Iterator[list[Any]]:
    cities = cities_of(found.run.manifest)
    for number, unit in enumerate(found.units, 1):
        how = found.drawn.chosen[unit["fingerprint"]]
        told = [
            number, label(LISTS, unit["list"], lang), unit["rule_id"], *cities.cell(unit["district_code"], lang),
            unit["district_name"] or unit["district_code"], unit["subject_key"], unit["subject_name"], unit["developer_name"],
            unit["area_m2"], unit["yuan"],
            _STRATA[how].get(lang) if how in _STRATA else label(LISTS, how, lang), said(unit, "message", lang),
        ]  # fmt: skip
        yield [*told, *[None] * len(_TYPED), unit["fingerprint"], found.asked.spec]
