"""The lists of a run counted anew, from its findings as CSV and from its database: nothing here is shared with what tells of them."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

#: What rules/story.yaml says, written down a second time.
_MISSING, _WORTH, _SETTLED_BY = ("HO01", "HO02", "AR03", "AR02", "AR01"), ("AR03", "AR02", "AR01"), ("AR03", "AR02")
_GRAVEST_FIRST = ("critical", "major", "minor", "lead", "data", "info")


@dataclass(frozen=True)
class Count:
    """Lines of a list, with the sums of what is known of them; ``findings``: of these lines, dismissed ones left out."""

    lines: int
    findings: int
    area: Decimal
    least: Decimal
    most: Decimal


@dataclass(frozen=True)
class Line:
    """What one line of a list amounts to; ``bureau``: of the finding that leads it."""

    area: Decimal | None
    least: Decimal | None
    most: Decimal | None
    bureau: str
    findings: int
    is_dismissed: bool


def findings_of(wide: str) -> list[dict[str, str]]:
    """The violations of ``findings --wide --format csv``."""
    return [row for row in csv.DictReader(io.StringIO(wide.removeprefix("\ufeff"))) if row["outcome"] == "violation"]


def passed(database: Path, run: int) -> dict[str, set[str]]:
    """Project -> the rules that it passes, from the register of outcomes."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        rules = [rule for (rule,) in db.execute("SELECT rule_id FROM run_rule WHERE run_id = ? AND subject = 'project' ORDER BY 1", [run])]
        lines = db.execute("SELECT subject_key, outcomes FROM register_line WHERE run_id = ? AND subject = 'project'", [run]).fetchall()
    return {key: {rule for rule, letter in zip(rules, letters, strict=True) if letter == "P"} for key, letters in lines}


def lines(violations: list[dict[str, str]], passes: dict[str, set[str]]) -> dict[str, dict[str, Line]]:
    """List -> whose -> its line."""
    held: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in violations:
        held[row["list"], row["project_id"] or row["subject_key"]].append(row)
    found: dict[str, dict[str, Line]] = defaultdict(dict)
    for (code, key), rows in held.items():
        found[code][key] = _line(code, key, rows, passes.get(key, set()))
    return found


def counts(found: dict[str, dict[str, Line]]) -> dict[str, Count]:
    """What the lines of each list come to that accuse somebody still."""
    return {code: count(line for line in lines.values() if not line.is_dismissed) for code, lines in found.items()}


def count(some) -> Count:
    some = list(some)
    return Count(
        len(some),
        sum(line.findings for line in some),
        *(sum((v for line in some if (v := getattr(line, name)) is not None), Decimal(0)) for name in ("area", "least", "most")),
    )


def _line(code: str, key: str, rows: list[dict[str, str]], passes: set[str]) -> Line:
    own = {row["rule_id"]: row for row in rows if row["subject"] == "project" and row["subject_key"] == key}
    heaviest = min(rows, key=lambda row: (_GRAVEST_FIRST.index(row["severity"]), -_number(row["area_m2"], -1), -_number(row["yuan"], -1)))
    missing, worth = _first(_MISSING, own, passes), _first(_WORTH, own, passes)
    live = [row for row in rows if row["case_state"] != "dismissed"]
    lead = missing or heaviest
    if code == "violations":
        amounts = [missing and missing["area_m2"], None, worth and worth["yuan"]]
    else:
        amounts = [lead["area_m2"], lead["yuan_min"], lead["yuan"]]
    return Line(*(Decimal(value) if value else None for value in amounts), lead["responsible"], len(live), not live)


def _first(order: tuple[str, ...], own: dict[str, dict[str, str]], passes: set[str]) -> dict[str, str] | None:
    """The finding that comes first in the order; what passes on the way makes the stages behind it history."""
    for rule in order:
        if rule in own:
            return own[rule]
        if rule in _SETTLED_BY and rule in passes:
            return None
    return None


def _number(text: str, unknown: int) -> Decimal:
    return Decimal(text) if text else Decimal(unknown)
