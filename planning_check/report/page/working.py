"""How the amounts of a finding come about, as data for the page: a line of arithmetic, and where each of its numbers is from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.equation import BETWEEN, Number, equations, shown
from planning_check.report.told.explaining import Explanation, Origin, Step
from planning_check.report.told.facts import with_unit

#: Of a number that many cells went into, so many are named; the others are counted.
MOST_CELLS = 12
_FEW_CELLS = 2


def working(told: Explanation, lang: str) -> dict[str, Any]:
    """``lines``: of each equation its terms, signs as text and numbers as [text, place in ``numbers``], a result as [text];
    ``numbers``: what each is called, the cells, the law or the formula that it is from, and how many cells are not named; ``steps``: of
    every number on the way what it is called, its value, and how it was worked out, with values and as the rule writes it."""
    numbers: dict[Number, int] = {}
    lines = []
    for line in equations(told):
        terms: list[Any] = []
        for place, (term, text) in enumerate(zip(line, shown(line, lang), strict=True)):
            if isinstance(term, str):
                terms.append(text)
            elif place and line[place - 1] == "=":
                terms.append([text])
            else:
                terms.append([text, numbers.setdefault(term, len(numbers))])
        lines.append(terms)
    return {
        "lines": lines,
        "numbers": [_number(one, lang) for one in numbers],
        "steps": [_step(step, lang) for step in told.steps if step.used and step.put_in and not step.is_truth],
    }


def cells_text(origins: Sequence[Origin], lang: str) -> str:
    """The first cells of a fact in a line, and how many more there are."""
    told = ["{} {} “{}”".format(*_cell(origin, lang)).replace("  ", " ") for origin in origins[:_FEW_CELLS]]
    if more := len(origins) - len(told):
        told.append(Text(f"另有 {more} 格", f"{more} more").get(lang))
    return Text("；", "; ").get(lang).join(told)


def _number(one: Number, lang: str) -> dict[str, Any]:
    return {
        "label": one.label.get(lang), "text": one.shown(lang, unit=True),
        "cells": [_cell(origin, lang) for origin in one.origins[:MOST_CELLS]], "more": max(0, len(one.origins) - MOST_CELLS),
        "cite": one.cite.get(lang), "formula": one.formula,
    }  # fmt: skip


def _cell(origin: Origin, lang: str) -> list[str]:
    """Where it stands, its heading, its text as delivered, and what it was corrected to."""
    where = origin.where.get(lang).replace(" > ", " › ")
    return [where, origin.header, origin.raw, origin.corrected.get(lang) if origin.corrected else ""]


def _step(step: Step, lang: str) -> list[str]:
    return [step.label.get(lang) if step.label else BETWEEN.get(lang), with_unit(step.value, step.unit, lang),
            step.put_in, f"{step.name} = {step.applied}"]  # fmt: skip
