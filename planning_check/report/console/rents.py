"""What waiting costs, on the console and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planning_check.errors import Text
from planning_check.report.console.layout import Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.facts import fact_value, find_fact
from planning_check.report.told.funds import Span
from planning_check.report.told.numbers import number
from planning_check.report.told.rents import COSTED, Rent, Rents
from planning_check.words import UNKNOWN

_MOST, _WIDE = 25, 120
_HEADS = Text(
    "编号|名称|性质|年租金 元|使用起始|已付租金 元|拟定途径|回收年数",
    "id|name|tenure|rent a year|since|paid so far, yuan|path proposed|years to pay back",
)


def rents_lines(found: Rents, lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """Each office, the dearest first; what all paid by year; what is not known and in no sum."""
    run = found.run
    lines = [paint(Text(f"等待的代价：已付租金　截至 {run.as_of}（第 {run.id} 次检查）", f"The cost of waiting: rent paid as of {run.as_of} (run {run.id})")
                   .get(lang), "title")]  # fmt: skip
    shown = found.offices if full else found.offices[:_MOST]
    if shown:
        lines += table(_HEADS.get(lang).split("|"), [_row(one, lang) for one in shown], numbers=(3, 5, 7), width=_WIDE, paint=paint)
    if len(found.offices) > len(shown):
        rest = len(found.offices) - len(shown)
        lines.append(paint(Text(f"  另有 {rest} 处（-v 全部列出）", f"  {rest} more (-v lists all)").get(lang), "dim"))
    if found.by_year:
        heads = Text("年度|租金 元", "year|rent, yuan").get(lang).split("|")
        rows = [[str(year), _span(span)] for year, span in found.by_year.items()]
        total = [Text("已知合计", "known in all").get(lang), _span(found.paid)]
        lines += ["", *table(heads, [*rows, total], numbers=(1,), paint=paint, total=1)]
    return [*lines, "", *(line for text in notes(found) for line in wrap(text.get(lang), 80, indent="  ", hanging="    "))]


def notes(found: Rents) -> Iterator[Text]:
    """What is in no sum, and how to read the rest."""
    unknown = sum(one.paid is None for one in found.offices)
    if unknown:
        yield Text(
            f"{unknown} 处没有写租金或使用起始，付了多少不明，不在合计内",
            f"{unknown} tell no rent or no first day: what they paid is unknown and in no sum",
        )
    if found.undetermined:
        yield Text(
            f"{found.undetermined} 处是否租借不明，不在内",
            f"{found.undetermined} of which it is not known whether they are rented are left out",
        )
    yield Text("按现在报送的年租金，从使用起始算到截至日，起始只写月或年的给出最低和最高；以前的租金没有报送",
               "at the rent that is told now, from the first day of use to the day of the check, the lowest and the highest where only a "
               "month or a year is told; earlier rents nobody delivered")  # fmt: skip
    paths = "、".join(COSTED)
    yield Text(f"归还、落实义务由开发企业承担，回收 0 年；其余途径每平方米费用没有报送，用 --cost 途径=元 给出（{paths}）",
               f"what the developer owes pays back at once (0); what a square metre of the other paths costs nobody delivers: tell it with "
               f"--cost PATH=YUAN ({', '.join(COSTED)})")  # fmt: skip


def _row(one: Rent, lang: str) -> list[str]:
    unknown = UNKNOWN.get(lang)
    tenure = tenure_text(one, lang)
    rent = unknown if one.per_year is None else number(one.per_year)
    paid = unknown if one.paid is None else _span(one.paid)
    payback = unknown if one.payback is None else number(one.payback)
    return [one.key, one.name, tenure, rent, one.since or unknown, paid, one.path_label.get(lang) or unknown, payback]


def tenure_text(one: Rent, lang: str) -> str:
    """How the office is held."""
    return fact_value(find_fact("office", "tenure"), one.tenure, lang)


def _span(span: Span) -> str:
    return number(span.least) if span.exact else f"{number(span.least)} - {number(span.most)}"


def rents_csv(found: Rents, lang: str) -> Iterator[str]:
    """A row an office and year; of an office of which nobody knows what it paid one row that says so."""
    heads = Text("编号|名称|区县|性质|面积 ㎡|年租金 元|使用起始|年度|最低 元|最高 元|拟定途径|回收年数",
                 "id|name|district|tenure|area, m2|rent a year|since|year|lowest|highest|path proposed|years to pay back")  # fmt: skip
    yield BOM + csv_row(heads.get(lang).split("|"))
    unknown = UNKNOWN.get(lang)
    for one in found.offices:
        key, name, tenure, rent, since, _, path, payback = _row(one, lang)
        area = unknown if one.area_m2 is None else one.area_m2
        years: list[tuple[Any, ...]] = [(year, span.least, span.most) for year, span in one.by_year.items()]
        for told in years or [(unknown, unknown, unknown)]:
            yield csv_row([key, name, one.district, tenure, area, rent.replace(",", ""), since, *told, path, payback])
