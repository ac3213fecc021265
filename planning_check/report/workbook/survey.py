"""The survey's own tables from the records: communities, offices and facilities by district, against its standards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planning_check.errors import Text, speaking
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.numbers import percent
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.book import Book, Column

Table = tuple[str, list[str], list[list[Any]]]


def tables(pack: Pack, lang: str) -> Iterator[Table]:
    """Title, heads and rows of each table; a total closes those that add up."""

    say = speaking(lang)
    city = pack.summary.figures
    rented, untold = ({name.zh: n for name, n in groups} for groups in (city.rented_by_district, city.tenure_unknown_by_district))
    rows: list[list[Any]] = [
        [name.get(lang), n, *_share(rented.get(name.zh, 0), untold.get(name.zh, 0), n)] for name, n in city.by_district
    ]
    if rows and city.rented_or_borrowed is not None:
        rows.append([say("合计", "total"), city.communities, *_share(city.rented_or_borrowed, city.tenure_unknown, city.communities)])
        if city.tenure_unknown:
            rows.append([say("其中性质不明", "tenure not known"), city.tenure_unknown, None, None])
        group = pack.cities.group
        yield (say(f"各{group.zh}社区与租用借用办公用房", f"Communities and rented or borrowed offices by {group.en}"),
               [group.get(lang), say("社区", "communities"), say("租用借用", "rented or borrowed"), say("占比", "share")], rows)  # fmt: skip
    tenures = (*city.by_tenure, *([(Text("没有记录", "no record"), city.without_office)] if city.by_tenure and city.without_office else ()))
    for title, groups, total in (
        (say("社区类型", "Communities by kind"), city.by_kind, city.communities),
        (say("办公用房性质", "Offices by tenure"), tenures, sum(n for _, n in tenures)),
    ):
        if groups:
            yield title, [title, say("个", "number"), say("占比", "share")], [
                *([text.get(lang), n, percent(n, total)] for text, n in groups), [say("合计", "total"), total, percent(total, total)]
            ]  # fmt: skip
    if city.facilities:
        yield (say("服务设施（有此设施的社区）", "Facilities (communities that have one)"),
               [say("设施", "facility"), say("个", "number"), say("占社区", "of communities")],
               [[text.get(lang), n, percent(n, city.communities)] for text, n in city.facilities])  # fmt: skip
    coverage = pack.coverage_of_cities or pack.coverage
    if coverage and coverage.groups:
        yield _standards(coverage, pack.cities.group, lang)


def _share(known: int, unknown: int, whole: int) -> tuple[int | str, str]:
    """A count and its share, from the least to the most that they can be where of some nobody said."""
    if not unknown:
        return known, percent(known, whole)
    return f"{known} - {known + unknown}", f"{percent(known, whole)} - {percent(known + unknown, whole)}"


def _standards(coverage: Any, group: Text, lang: str) -> Table:
    """By district: the eight functions, office and ground against the standards, and who is out of reach."""
    say = speaking(lang)
    heads = say(f"{group.zh}|社区|一部三室三站一场：有|缺|不明|办公用房够|不够|不明|室外场地够|不够|不明|半径以外人口（估）",
                f"{group.en}|communities|eight functions: has|lacks|unknown|office enough|short|unknown|ground enough|short|unknown|"
                "people out of reach (est.)")  # fmt: skip
    names = ("communities", "has", "lacks", "not_known", "office_enough", "office_short", "office_unknown", "outdoor_enough",
             "outdoor_short", "outdoor_unknown", "outside_people")  # fmt: skip
    called = [*(coverage.called(g, lang) or say("合计", "total") for g in coverage.groups), say("合计", "total")]
    groups = (*coverage.groups, coverage.total)
    rows = [[name, *(getattr(g, figure) for figure in names)] for name, g in zip(called, groups, strict=True)]
    return (
        say("对照标准（办公用房、室外场地面积依适用办法）", "Against the standards (areas as the ordinance states them)"),
        heads.split("|"),
        rows,
    )


def write_survey(book: Book, pack: Pack) -> None:
    """The tables of the survey made anew from the delivery, one below the other."""
    say = book.say
    sheet = book.sheet(say("调研表", "Survey tables"), [Column("", 26), *[Column("", 13)] * 11])
    sheet.title(say("按台账复算的调研表", "The survey's tables from the records"))
    for title, heads, rows in tables(pack, book.lang):
        sheet.text(title, "head2")
        sheet.heads(heads)
        for row in rows:
            sheet.line(row, ["text", *("count" if isinstance(value, int) else "share" for value in row[1:])])
        sheet.row += 1


def write_csv(pack: Pack, path: Path, lang: str) -> None:
    """The same tables one under the other, for Excel."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BOM)
        for title, heads, rows in tables(pack, lang):
            file.writelines(map(csv_row, ([title], heads, *rows, [])))
