"""The worked cases of the rules as they came out, laid out for a console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planning_check.errors import Text, either
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.told.numbers import number


def case_lines(results: Sequence[Any], lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """A line for each rule or ordinance, every case that failed with what was expected, and the count; ``full`` shows all.

    ``results``: owner, it, passed, detail (Text), where (Place), as ``rulebook.cases`` gives them.
    """
    lines: list[str] = []
    counts: dict[str, tuple[int, int]] = {}
    for result in results:
        passed, all_ = counts.get(result.owner, (0, 0))
        counts[result.owner] = (passed + result.passed, all_ + 1)
        if full or not result.passed:
            mark = "√" if result.passed else "×"
            lines += wrap(f"{mark} {result.owner} {result.it}", WIDTH, hanging="  ")
        if not result.passed:
            lines += [paint(t, "alarm") for t in wrap(f"{result.where.get(lang)}  {result.detail.get(lang)}", WIDTH, indent="    ")]
    heads = either(lang, ("规则或办法", "算例", "符合"), ("rule or ordinance", "cases", "as expected"))
    rows = [(owner, number(n), number(passed)) for owner, (passed, n) in counts.items()]
    failed = sum(not result.passed for result in results)
    verdict = Text(f"{number(len(results))} 个算例，", f"{number(len(results))} cases, ").get(lang)
    verdict += (
        Text("全部符合", "all as expected").get(lang) if not failed else Text(f"{failed} 个不符", f"{failed} not as expected").get(lang)
    )
    return [*lines, *table(heads, rows, numbers=(1, 2), indent="", paint=paint), paint(verdict, "alarm" if failed else "head")]


_MOST_DIFFERING = 12


def differing_lines(differing: Sequence[Any], lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """The cases that come out otherwise by what a city says (``rulebook.travelling.Differs``): how many, by what, and what comes now."""
    if not differing:
        return []
    count = number(len(differing))
    lines = ["", paint(Text(
        f"按本市规定另行试算，{count} 个结果与编写时不同（不算不符，供核对本市的改动）",
        f"By the city's own law {count} come out otherwise than they were written (no failure: this is what the changes do)",
    ).get(lang), "head")]  # fmt: skip
    groups: dict[tuple[str, str], list[Any]] = {}
    for one in differing:
        groups.setdefault((one.owner, one.under.get(lang)), []).append(one)
    heads = either(lang, ("规则或办法", "按", "不同"), ("rule or ordinance", "by", "otherwise"))
    lines += table(heads, [(owner, under, number(len(of_it))) for (owner, under), of_it in groups.items()], numbers=(2,), paint=paint)
    for one in differing if full else differing[:_MOST_DIFFERING]:
        lines += wrap(f"{one.owner} {one.it}", WIDTH, indent="  ", hanging="    ")
        lines += wrap(f"{one.where.get(lang)}  {one.detail.get(lang)}", WIDTH, indent="    ", hanging="      ")
    if not full and len(differing) > _MOST_DIFFERING:
        rest = number(len(differing) - _MOST_DIFFERING)
        lines.append(paint("  " + Text(f"另有 {rest} 个（-v 全部列出）", f"{rest} more (-v lists all)").get(lang), "dim"))
    return lines
