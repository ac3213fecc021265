"""A rule and an ordinance as people read them: plain records for ``explain``, kept with every run that they judged."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from planning_check.clauses import CLAUSES
from planning_check.errors import Text
from planning_check.measuring import WIDTHS_OF
from planning_check.rulebook.compile_measures import measure_unit
from planning_check.rulebook.matching import Width
from planning_check.rulebook.measures import AnyMeasure, Carry, Formula, HandedSum, Limit, Measure, PhaseDay, RoomSum, Tally
from planning_check.rulebook.messages import names_in
from planning_check.rulebook.ordinances import FOREVER, Ordinance, Placed
from planning_check.rulebook.rules import Rule

_NAME = re.compile(r"\b(?:law\.|param\.|project\.)?[a-z_][a-z0-9_]*\b")


def rule_record(rule: Rule, measures: Sequence[AnyMeasure], widths: Mapping[str, Width]) -> dict[str, Any]:
    """One rule: its texts, its expressions as written, the measures and clauses that they read,
    the widths that its facts are measured by (JSON-able)."""
    used = _measures_used(rule, measures)
    steps = [measure_record(m) for m in used if not isinstance(m, Formula)]
    steps += [_step(name, item.expression(), None, _unit(name)) for name, item in rule.let.items()]
    for formula in (m for m in measures if isinstance(m, Formula)):
        steps = [_written_out(step, formula) for step in steps]
    return {
        "id": rule.id,
        "subject": rule.subject,
        "list": rule.list,
        "severity": rule.severity,
        "severity_when": {severity: " ".join(when.expression().split()) for severity, when in rule.severity_when.items()},
        "responsible": rule.responsible,
        "sha256": rule.sha256,
        "consequence": list(rule.consequence),
        "title": _both(rule.title),
        "basis": list(rule.basis),
        "applies_when": [{"when": c.when.expression(), "otherwise": _both(c.otherwise)} for c in rule.applies_when],
        "exempt_when": rule.exempt_when.expression() if rule.exempt_when else None,
        "due_when": rule.due_when.expression() if rule.due_when else None,
        "parameters": _parameters(rule),
        "widths": _widths_used(rule, used, widths),
        "steps": steps,
        "violated_when": rule.violated_when.expression(),
        "act": {"on": rule.act.on.expression(), **_both(rule.act.title), "classes": list(rule.act.classes)} if rule.act else None,
        "status_of": " ".join(rule.status.of.expression().split()) if rule.status else None,
        "alternatives": {clause: [_plain(v) for v in values] for clause, values in rule.alternatives.items()},
        "remedy": {"document": rule.remedy.document, **{n: item.expression() for n, item in rule.remedy.amounts.items()}},
        "amounts": {amount: item.expression() for amount, item in rule.amounts.items()},
        "statuses": [{"code": code, **_both(text)} for code, text in rule.status.values.items()] if rule.status else [],
        "cure": _both(rule.cure),
        "message": _both(rule.message),
        "trap": _both(rule.trap),
        "clauses": _clauses_read(rule, used),
        "file": rule.item.file,
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _step(name: str, of: str, label: Text | None, unit: str) -> dict[str, Any]:
    return {"name": name, "of": " ".join(of.split()), "label": _both(label) if label else None, "unit": unit}


def measure_record(measure: AnyMeasure) -> dict[str, Any]:
    """One measure: name, expression as written, label and unit."""
    if isinstance(measure, Formula):
        return _step(f"{measure.id}({', '.join(measure.takes)})", measure.of.expression(), measure.title, measure.unit)
    if isinstance(measure, Measure):
        return _step(measure.id, measure.of.expression(), measure.title, measure.unit)
    if isinstance(measure, Limit):
        return _step(measure.id, str(measure.value), measure.title, measure.unit)
    if isinstance(measure, Carry):
        has, owes, where = (measure.parts[n].expression() for n in ("has", "owes", "where"))
        return _step(measure.id, f"from_other_phases(({has}) - ({owes}) where {where})", measure.title, measure_unit(measure))
    where = measure.where.expression()
    if isinstance(measure, PhaseDay):
        what = "last" if measure.is_last else "first"
        return _step(measure.id, f"{what}({measure.day.expression()} of the phases where {where})", measure.title, "")
    if isinstance(measure, RoomSum):
        what = f"sum({measure.field} of the rooms" if measure.field else "count(rooms"
        of = f"{what} where {where})"
    elif isinstance(measure, HandedSum):
        what = f"last({measure.field}" if measure.is_day else f"sum({measure.field}"
        of = f"{what} of what was handed over where {where})"
    else:
        what = "count(projects" if measure.sums is None else f"sum({measure.sums.expression()} of the projects"
        of = f"{what} of the {measure.over} where {where})"
    return _step(measure.id, of, measure.title, measure_unit(measure)) | _read_from(measure)


def _read_from(measure: RoomSum | HandedSum | Tally) -> dict[str, Any]:
    """The fields whose cells a sum over rooms, or over what was handed over, comes from; one over projects names none."""
    if isinstance(measure, RoomSum):
        return {"reads": [f"premises.{measure.field or 'kind'}"]}
    return {"reads": ["handovers.handed_over_on" if measure.is_day else "handovers.area_m2"]} if isinstance(measure, HandedSum) else {}


def _written_out(step: dict[str, Any], formula: Formula) -> dict[str, Any]:
    """The step with calls of a formula on plain names written out, so that its arithmetic can be shown;
    ``written``: as it stands in the rule."""
    call = re.compile(rf"\b{formula.id}\(" + r",\s*".join([r"\s*([a-z_][a-z0-9_.]*)\s*"] * len(formula.takes)) + r"\)")
    body = " ".join(formula.of.expression().split())

    def out(found: re.Match) -> str:
        given = dict(zip(formula.takes, found.groups(), strict=True))
        return _NAME.sub(lambda name: given.get(name[0], name[0]), body)

    of = call.sub(out, step["of"])
    return step if of == step["of"] else {**step, "of": of, "written": step.get("written", step["of"])}


def _unit(name: str) -> str:
    return next((unit for end, unit in (("_m2", "m2"), ("_yuan", "yuan"), ("_days", "days")) if name.endswith(end)), "")


def _parameters(rule: Rule) -> list[dict[str, Any]]:
    read = []
    for name, value in rule.parameters.items():
        entry = rule.item.need("parameters").need(name)
        note = entry.get("note")
        placed = rule.placed.get(name, ())
        read.append({
            "name": name, "value": str(value), "unit": entry.need("unit").text(), "note": note.text() if note else "",
            **({"placed": _placed(placed)} if placed else {}),
        })  # fmt: skip
    return read


def _expressions(rule: Rule) -> list[str]:
    items = [c.when for c in rule.applies_when] + list(rule.let.values()) + [rule.violated_when]
    items += [*rule.severity_when.values(), *rule.amounts.values(), *rule.remedy.amounts.values()]
    items += [item for item in (rule.exempt_when, rule.due_when, rule.status.of if rule.status else None) if item]
    texts = [item.expression() for item in items]
    return texts + [part for text in (rule.message, rule.cure, rule.exempt_reason) if text for part in names_in(text.en)]


def _texts(measure: AnyMeasure) -> list[str]:
    if isinstance(measure, Measure | Formula):
        return [measure.of.expression()]
    if isinstance(measure, Limit):
        return []
    if isinstance(measure, Carry):
        return [item.expression() for item in measure.parts.values()]
    if isinstance(measure, PhaseDay):
        return [measure.day.expression(), measure.where.expression()]
    sums = [measure.sums.expression()] if isinstance(measure, Tally) and measure.sums else []
    return [measure.where.expression(), *sums]


def _names(texts: Sequence[str]) -> set[str]:
    return {name for text in texts for name in _NAME.findall(text)}


def _measures_used(rule: Rule, measures: Sequence[AnyMeasure]) -> list[AnyMeasure]:
    """The measures that the rule reads, and those that these read, in the order of their file."""
    by_id = {m.id: m for m in measures}
    wanted: set[str] = set()
    new = {n.removeprefix("project.") for n in _names(_expressions(rule))} & set(by_id)
    while new:
        wanted |= new
        read = [text for n in new for text in _texts(by_id[n])]
        new = _names(read) & set(by_id) - wanted
    return [m for m in measures if m.id in wanted]


def _clauses_read(rule: Rule, used: Sequence[AnyMeasure]) -> list[str]:
    names = _names([*_expressions(rule), *(text for m in used for text in _texts(m))])
    return [name for name in CLAUSES if f"law.{name}" in names]


def _widths_used(rule: Rule, used: Sequence[AnyMeasure], widths: Mapping[str, Width]) -> list[dict[str, str]]:
    names = {n.removeprefix("project.") for n in _names([*_expressions(rule), *(text for m in used for text in _texts(m))])}
    wanted = {width for fact, by in WIDTHS_OF.items() if fact in names for width in by}
    return [width_record(width) for name, width in widths.items() if name in wanted]


def width_record(width: Width) -> dict[str, str]:
    """One width of measuring, as a parameter of a rule is told."""
    return {"name": width.name, "value": str(width.value), "unit": width.unit, "note": width.note}


def ordinance_record(ordinance: Ordinance) -> dict[str, Any]:
    """One ordinance: when and where it holds, on what it builds, whether verified, and its clauses with values, first days and citations;
    which are inherited from where, and which have other values in places and times."""
    return {
        "id": ordinance.id,
        "title": _both(ordinance.title),
        "jurisdiction": ordinance.jurisdiction,
        "from": ordinance.begins.isoformat(),
        "to": None if ordinance.ends.year == 9999 else ordinance.ends.isoformat(),
        "anchor": ordinance.anchor,
        "verified": ordinance.verified,
        "sha256": ordinance.sha256,
        **({"based_on": list(ordinance.based_on)} if ordinance.based_on else {}),
        "clauses": {
            name: {
                "label": _both(CLAUSES[name].label),
                "unit": CLAUSES[name].unit,
                "values": [{"from": day.isoformat(), "value": _plain(value)} for day, value in clause.values],
                "cite": clause.cite,
                **({"inherited_from": clause.origin} if clause.origin else {}),
                **({"placed": _placed(clause.placed)} if clause.placed else {}),
            }
            for name, clause in ordinance.clauses.items()
        },
    }


def _placed(placed: Sequence[Placed]) -> dict[str, dict[str, Any]]:
    """Values in places and times, by place and first day."""
    return {
        f"{one.jurisdiction or '*'} {one.begins}": {
            "jurisdiction": one.jurisdiction, "from": one.begins.isoformat(), "to": None if one.ends == FOREVER else one.ends.isoformat(),
            "value": str(one.value) if isinstance(one.value, dt.date) else _plain(one.value), "cite": one.cite, "verified": one.verified,
            "where": one.where,
        }
        for one in reversed(placed)  # of one place and day the first goes before the others
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return {str(k): _plain(v) for k, v in value.items()} if isinstance(value, dict) else str(value)
