"""Where to build next as a workbook: the sites, who stays unserved, and what it rests on."""

from __future__ import annotations

from planning_check.report.told import siting as told
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish
from planning_check.siting.result import REGISTERS, WHYS, Siting


def siting_xlsx(found: Siting, lang: str) -> bytes:
    """The answer as a workbook, the same bytes for the same answer."""
    about = found.notice.get(lang) if found.notice else ""

    def write(book: Book) -> None:
        _sites(book, found)
        _communities(book, found)
        _basis(book, found)

    return alone(told.title(found).get(lang), about, found.as_of, lang, write)


def _sites(book: Book, found: Siting) -> None:
    say, lang = book.say, book.lang
    columns = [
        Column(say("选中次序", "order of choice"), 8, "count"), Column(say("地点类别", "kind of site"), 16), Column(say("编号", "id"), 22, "code"),
        Column(say("名称", "name"), 22), Column(say("社区", "community"), 12), Column(say("新服务 人", "people newly served"), 10, "count"),
        Column(say("建设面积 ㎡", "m2 to build"), 11, "area"), Column(say("能服务 人", "people it can serve"), 10, "count"),
        Column(say("造价 元", "cost, yuan"), 15, "money"), Column(say("每万元新服务 人", "people per 10,000 yuan"), 11, "area"),
        Column(say("每平方米新服务 人", "people per m2"), 11, "area"), Column(say("注意", "to be seen to"), 26),
        Column(say("来源", "source"), 34), Column(say("会议意见", "the meeting's view"), 18, "typed"),
    ]  # fmt: skip
    sheet = book.sheet(say("选址", "Sites"), columns, heading=2, freeze=3, tab="decide")
    note = say("没有选中的，新服务人数按只建这一处算", "Of a site that was not chosen: people newly served if it were the only one")
    sheet.title(told.title(found).get(lang), say("。", ". ").join([*(text.get(lang) for text in told.answer(found)), note]))
    sheet.heads()
    first = sheet.row
    for one in found.ranked[:MOST_ROWS]:
        site = one.site
        sheet.line([
            one.order or None, told.site_kind(one).get(lang), site.key, site.name, told.community_name(found, site.community), one.people,
            site.m2, site.capacity, site.yuan, one.per_10k_yuan, one.per_m2, site.note.get(lang) if site.note else None,
            site.source.get(lang) if site.source else None, None,
        ])  # fmt: skip
    finish(book, sheet, first, len(found.ranked), len(columns))


def _communities(book: Book, found: Siting) -> None:
    say = book.say
    columns = [
        Column(say("社区代码", "community code"), 16, "code"), Column(say("社区", "community"), 18), Column(say("区县", "district"), 14),
        Column(say("人口", "people"), 12, "count"), Column(say("现在没有服务", "unserved now"), 14, "count"),
        Column(say("选址后没有服务", "unserved after the choice"), 14, "count"),
    ]  # fmt: skip
    sheet = book.sheet(say("未服务人口", "Unserved"), columns, heading=2, freeze=2, tab="beside")
    sheet.title(say("选址之后仍没有服务的人", "People unserved after the choice"), told.answer(found)[1].get(book.lang))
    sheet.heads()
    first = sheet.row
    for line in found.communities[:MOST_ROWS]:
        sheet.line(
            [
                line.code,
                line.name or say("（不在任何社区）", "(in no community)"),
                line.district,
                line.people,
                line.unserved_now,
                line.unserved,
            ]
        )
    finish(book, sheet, first, len(found.communities), len(columns))


def _basis(book: Book, found: Siting) -> None:
    say, lang = book.say, book.lang
    columns = [
        Column(say("名称", "name"), 26), Column(say("值", "value"), 14), Column(say("单位或原因", "unit or why"), 20),
        Column(say("核对", "verified"), 12), Column(say("出处", "source"), 60),
    ]  # fmt: skip
    sheet = book.sheet(say("依据和未计入", "Basis"), columns, heading=2, tab="about")
    sheet.title(
        say("用到的数和没有计入的", "Numbers used, and what is not counted"),
        say("。", ". ").join(text.get(lang) for text in [*told.doubts(found), *told.caveats(found)]),
    )
    sheet.heads()
    for row in told.figure_rows(found, lang):
        sheet.line(row)
    for one in found.left_out[:MOST_ROWS]:
        sheet.line([one.key, one.name, WHYS[one.why].get(lang), say("没有计入", "not counted"), REGISTERS[one.register].get(lang)])
    for facility in found.unsure:
        sheet.line(
            [facility.key, facility.name, WHYS[facility.why].get(lang), say("另计", "counts apart"), REGISTERS["facilities"].get(lang)]
        )
    sheet.finish()
