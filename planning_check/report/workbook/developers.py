"""What stands against each developer, as a sheet for the auditors: a line a developer, as ``findings --developer`` tells it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from planning_check.report.told.chosen import Part
from planning_check.report.told.dossier import OfDeveloper
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish
from planning_check.words import UNKNOWN


def write_developers(book: Book, pack: Pack) -> None:
    """Most open cases first, last what has no developer; nothing where there is no finding and no project."""
    found = pack.developers() if pack.developers else ()
    if not found:
        return
    say = book.say
    columns = [
        Column(say("开发企业", "developer"), 30), *(Column(say("城市 座", "cities"), 8, "count") for _ in book.city()),
        Column(say("未办结 件", "cases not done"), 8, "count"),
        Column(say("未能 判定", "undeter- mined"), 8, "count"), Column(say("违规 件", "viola- tions"), 8, "count"),
        Column(say("违规面积 ㎡", "area, m2"), 12, "area"), Column(say("无面积 行", "without area"), 8, "count"),
        Column(say("违规金额 元", "yuan"), 15, "money"), Column(say("无金额 行", "without yuan"), 8, "count"),
        Column(say("拟没收 元", "to forfeit, yuan"), 15, "money"), Column(say("尚欠 ㎡", "left, m2"), 12, "area"),
        Column(say("尚欠 元", "left, yuan"), 15, "money"), Column(say("尚欠不明 项目", "left unknown"), 9, "count"),
        Column(say("应记信用", "credit entries"), 8, "count"), Column(say("认定后记", "once con- firmed"), 8, "count"),
        *book.city(40, "code", printed=False), Column(say("信用代码", "code"), 20, "code", printed=False),
        Column(say("不予认定 件", "dismissed"), 10, "count", printed=False),
    ]  # fmt: skip
    sheet = book.sheet(say("开发企业总账", "Developers"), columns, heading=2, freeze=1)
    sheet.title(
        say("开发企业总账", "Developers: all that stands against each"),
        say("件数含各名单；面积、金额是“违规”名单的，同一项目一行，没有或不明的不在内，另计行数；尚欠是其有义务的项目的，不明的不在内。没有代码的按名称单列。"
            "planning-check findings --developer",
            "Cases are of every list; area and yuan are of the list of violations, of one project one line, what has none or an unknown "
            "one is in neither and counted beside; left is of its projects with a duty, without those of which it is unknown. Without a "
            "code by name. planning-check findings --developer"),
    )  # fmt: skip
    sheet.heads()
    first = sheet.row
    for one in found[:MOST_ROWS]:
        sheet.line(_row(one, book))
    finish(book, sheet, first, len(found), len(columns))


def _row(one: OfDeveloper, book: Book) -> list[Any]:
    told, say = one.dossier, book.say
    violations, deposits = (told.parts.get(name, Part()) for name in ("violations", "deposits"))
    owed = told.owed
    left: list[Any] = [None, None, None]
    if owed is not None and owed.projects:
        unknown = UNKNOWN.get(book.lang)
        left = [unknown if value is None else value for value in (owed.residual_m2, owed.residual_yuan)] + [owed.unknown]
    name = one.name or (say("没有写名称", "no name told") if one.code else say("没有开发企业的", "without a developer"))
    places = [say("、", ", ").join(f"{city.get(book.lang)} {n}" for city, n in told.cities.items())] if book.cities else []
    return [
        name, *(len(told.cities) for _ in places), told.pending, told.outcomes["undetermined"], violations.violations,
        _figure(violations.area_m2), violations.without_area,
        _figure(violations.yuan), violations.without_yuan, _figure(deposits.yuan), *left, told.credit_now, told.credit_later,
        *places, one.code,
        told.states["dismissed"],
    ]  # fmt: skip


def _figure(value: Decimal | None) -> Decimal | str:
    """A dash where none of them has one."""
    return "—" if value is None else value
