"""The lists of a series from run to run, and the age of what is open, as lines of the console and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from planning_check.errors import Text
from planning_check.record.trend import AGES, Aged, Trend
from planning_check.report.console.layout import Paint, plain, table
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.numbers import number
from planning_check.words import LISTS, label

BY = {
    "list": Text("名单", "list"),
    "district": Text("区县", "district"),
    "city": Text("城市", "city"),
    "developer": Text("开发企业", "developer"),
}
_UNKNOWN = Text("（不明）", "(not known)")
_MOST_RUNS, _MOST_ROWS, _MOST_OLD = 6, 20, 5
_CSV = ("run", "as_of", "list", "group", "lines", "area_m2", "yuan")


def trend_lines(found: Trend, lang: str, *, paint: Paint = plain, full: bool = False) -> Iterator[str]:
    """Lines of every list in each run (the last six unless ``full``), then how long what is open has been known."""
    runs = found.runs if full else found.runs[-_MOST_RUNS:]
    latest = found.latest
    yield paint(
        Text(f"系列“{latest.series}”各次检查的违规（行数）", f"Violations of the series '{latest.series}' by run (lines)").get(lang),
        "title",
    )
    lines = {(row.list, row.group, row.run_id): row for row in found.rows}
    keys = list(dict.fromkeys((row.list, row.group) for row in found.rows))
    now = {key: row.lines if (row := lines.get((*key, latest.id))) else 0 for key in keys}
    keys.sort(key=lambda key: (list(LISTS).index(key[0]), -now[key], key[1]))
    shown = keys if full else keys[:_MOST_ROWS]
    rows = [
        [
            label(LISTS, list_, lang), *([] if found.by == "list" else [found.called(group, lang) or _UNKNOWN.get(lang)]),
            *(number(row.lines) if (row := lines.get((list_, group, run.id))) else "0" for run in runs),
            number(row.yuan) if (row := lines.get((list_, group, latest.id))) and row.yuan is not None else "",
        ]
        for list_, group in shown
    ]  # fmt: skip
    heads = [BY["list"].get(lang), *([] if found.by == "list" else [BY[found.by].get(lang)])]
    first = len(heads)
    heads += [f"{run.id}: {run.as_of}" for run in runs] + [Text("最近一次 元", "latest, yuan").get(lang)]
    yield from table(heads, rows, numbers=range(first, len(heads)), paint=paint)
    if len(keys) > len(shown):
        left = len(keys) - len(shown)
        yield Text(f"  另有 {left} 行（-v 全部列出，-o 写成 CSV）", f"  {left} more (-v lists all, -o writes a CSV)").get(lang)
    yield ""
    yield from _ages(found, lang, paint, full)


def _ages(found: Trend, lang: str, paint: Paint, full: bool) -> Iterator[str]:
    """By list, how many open violations were first seen how many days before the day of the latest run, and the oldest."""
    day = found.latest.as_of
    yield paint(
        Text(f"未了结的违规，从首次查出到 {day} 的天数", f"Open violations by the days from the first run that found them to {day}").get(
            lang
        ),
        "head",
    )
    least = [0, *(age + 1 for age in AGES if age is not None)]
    heads = [f"{low}-{high}" if high is not None else f">{low - 1}" for low, high in zip(least, AGES, strict=True)]
    days = [(one, (day - one.first_on).days) for one in found.aged]
    rows = []
    for code in LISTS:
        own = [n for one, n in days if one.list == code]
        if own:
            counts = [sum(low <= n and (high is None or n <= high) for n in own) for low, high in zip(least, AGES, strict=True)]
            rows.append([label(LISTS, code, lang), *map(number, counts), number(max(own))])
    names = [BY["list"].get(lang), *heads, Text("最久", "oldest").get(lang)]
    yield from table(names, rows, numbers=range(1, len(names)), paint=paint)
    accused = [(one, n) for one, n in days if one.list in ("violations", "deposits", "offices")]
    for one, n in accused if full else accused[:_MOST_OLD]:
        yield f"  {_named(one)}{Text(f'：{n} 天（{one.first_on} 起）', f': {n} days (since {one.first_on})').get(lang)}"


def _named(one: Aged) -> str:
    return " ".join(part for part in (one.rule_id, one.subject_key, one.subject_name) if part)


def trend_csv(found: Trend) -> Iterator[str]:
    """A row a run, list and group; of a list without a line in a run there is none."""
    yield BOM + csv_row(_CSV)
    days = {run.id: run.as_of.isoformat() for run in found.runs}
    order = {run.id: place for place, run in enumerate(found.runs)}
    for row in sorted(found.rows, key=lambda row: (order[row.run_id], row.list, row.group)):
        amounts: tuple[Decimal | None, ...] = (row.area_m2, row.yuan)
        yield csv_row([row.run_id, days[row.run_id], row.list, found.called(row.group, "zh"), row.lines, *amounts])
