"""One rule, or one finding of it, taken apart: arithmetic with the numbers put in, the law, the facts down to their cells.

Made from what was recorded: the records of ``rulebook.texts`` and the evidence of the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from planning_check.errors import Place, Text
from planning_check.record.correction import WithoutRow
from planning_check.record.evidence import Evidence
from planning_check.record.finding import Finding
from planning_check.report.told.arithmetic import rests_on, taken
from planning_check.report.told.clauses import cite_of
from planning_check.report.told.corrections import both_outcomes, by_whom
from planning_check.report.told.facts import fact_label, fact_owner, find_fact
from planning_check.report.told.weighing import Choice, choice_of

_PUT_IN = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class RuleText:
    """A rule as it is now: ``rule`` and ``ordinances`` are the records of ``rulebook.texts``; ``cases`` are its worked cases."""

    rule: dict[str, Any]
    ordinances: tuple[dict[str, Any], ...]
    cases: int


@dataclass(frozen=True)
class Step:
    """One number: its formula as written, as it applied here (the branches taken), and that with the values put in.

    ``value`` is none if it is unknown. ``shared`` are the measures that several rules use; ``used``: it bears on the outcome.
    """

    name: str
    label: Text | None
    unit: str
    value: str | None
    formula: str
    applied: str
    put_in: str
    shared: bool = False
    used: bool = True

    @property
    def is_truth(self) -> bool:
        """Whether the step says true or false, and is no amount."""
        return self.value in ("true", "false")


@dataclass(frozen=True)
class ClauseLine:
    """One clause of the law as it held for the subject, and where the law (or the city's file, for its place) says so; or a parameter of
    the rule that has another value there."""

    name: str
    label: Text
    unit: str
    value: Any
    cite: Text
    used: bool = True


@dataclass(frozen=True)
class Origin:
    """Where a fact comes from: the cell, its header and its text as delivered, and what it was corrected to."""

    where: Place
    header: str
    raw: str
    corrected: Text | None = None


@dataclass(frozen=True)
class FactLine:
    """One fact that the rule used, with the cells it was measured from."""

    name: str
    label: Text
    value: str | None
    origins: tuple[Origin, ...]
    used: bool = True


@dataclass(frozen=True)
class MissingLine:
    """A fact that is wanting, and the bureau that owns it."""

    name: str
    label: Text
    owner: str


@dataclass(frozen=True)
class Explanation:
    """One subject under one rule in one run. Without a finding (it passed, or is not reached) the lists are empty.
    ``without``: how it comes out if the delivery is read as it came, where that is otherwise. ``choice``: why this version of the law."""

    run_id: int
    as_of: str
    rule_id: str
    title: Text
    subject: str
    key: str
    outcome: str
    record: dict[str, Any] | None
    finding: Finding | None
    steps: tuple[Step, ...]
    judged: Step | None
    ordinance: dict[str, Any] | None
    law: tuple[ClauseLine, ...]
    facts: tuple[FactLine, ...]
    missing: tuple[MissingLine, ...]
    without: tuple[Text, ...] = ()
    choice: Choice | None = None


def explain(evidence: Evidence) -> Explanation:
    """Take ``planning_check.store.Evidence`` apart."""
    run, rule, finding = evidence.run, evidence.rule, evidence.finding
    record = rule.text
    ordinance = _ordinance(run.manifest, finding)
    values = values_of(finding, run.as_of.isoformat()) if finding else {}
    steps, judged, bearing = _steps(record, finding, values) if finding else ((), None, _bearing(record, (), values))
    used = {step.name for step in steps if step.used} | bearing
    return Explanation(
        run.id, run.as_of.isoformat(), rule.rule_id, Text(rule.title_zh, rule.title_en), rule.subject, evidence.subject_key,
        evidence.outcome, record, finding, steps, judged, ordinance,
        law=(*_clauses(finding, ordinance, record, used), *_parameters(finding, record)) if finding else (),
        facts=tuple(_facts(evidence, used)) if finding else (),
        missing=tuple(_missing_line(rule.subject, name) for name in finding["missing"]) if finding else (),
        without=tuple(_without(row) for row in evidence.without),
        choice=choice_of(evidence),
    )  # fmt: skip


def _without(row: WithoutRow) -> Text:
    _, outcome = both_outcomes(row)
    if row.cause == "precedence":
        return Text(
            f"结论取决于各处不一致的值取哪个（按先后次序采用）；取另一个：{outcome.zh}",
            f"It turns on who goes before where values are told differently; by the other: {outcome.en}",
        )
    return Text(f"结论因更正登记而改变；照报送的原样：{outcome.zh}", f"It turns on the register of corrections; as delivered: {outcome.en}")


def values_of(finding: Finding, as_of: str) -> dict[str, str | None]:
    """Every name an expression can hold, and its value."""
    return {"as_of": as_of, **finding["facts"], **finding["numbers"]} | {f"law.{name}": value for name, value in finding["law"].items()}


def _steps(
    record: dict[str, Any] | None, finding: Finding, values: dict[str, str | None]
) -> tuple[tuple[Step, ...], Step | None, set[str]]:
    """The numbers of the rule in their order, those that do not bear on the outcome marked; what it judged by; what that rests on."""
    made = []
    for step in (record or {}).get("steps", ()):
        recorded = step["name"] if step["name"] in finding["numbers"] else f"project.{step['name']}"
        if recorded in finding["numbers"]:
            label = Text(**step["label"]) if step["label"] else None
            applied, put_in, _ = taken(step["of"], values)
            made.append(
                Step(step["name"], label, step["unit"], finding["numbers"][recorded], step["of"], applied, put_in, label is not None)
            )
    bearing = _bearing(record, made, values)
    judged = None
    if record:
        formula = " ".join(record["violated_when"].split())
        judged = Step("", None, "", None, formula, *taken(formula, values)[:2])
    return tuple(replace(step, used=not record or step.name in bearing) for step in made), judged, bearing


def _bearing(record: dict[str, Any] | None, steps: Iterable[Step], values: dict[str, str | None]) -> set[str]:
    """The names that the outcome rests on: what judged, what the texts say, and all that these were made from."""
    if not record:
        return set(values)
    texts = [
        record["violated_when"],
        record["status_of"],
        *record["amounts"].values(),
        record["exempt_when"],
        record["due_when"],
        *(c["when"] for c in record["applies_when"]),
    ]
    found = {name for text in texts if text for name in rests_on(" ".join(text.split()), values)}
    found |= {name.strip() for text in (record["message"], record["cure"]) for name in _PUT_IN.findall(text["en"])}
    by_name = {step.name: step for step in steps}
    new = set(found)
    while new:
        wanted = {name.removeprefix("project.") for name in new} & set(by_name)
        new = {name for step in wanted for name in rests_on(by_name[step].formula, values)} - found
        found |= new
    return found | {name.removeprefix("project.") for name in found}


def _ordinance(manifest: dict[str, Any], finding: Finding | None) -> dict[str, Any] | None:
    wanted = finding["ordinance_id"] if finding else None
    return next((o for o in manifest.get("ordinances", ()) if o["id"] == wanted), None)


def _clauses(finding: Finding, ordinance: dict[str, Any] | None, record: dict[str, Any] | None, used: set[str]) -> Iterable[ClauseLine]:
    """In the order of the rule's record; a clause the ordinance leaves open is shown too: silence is an answer."""
    law: Mapping[str, Any] = finding["law"]
    known = (ordinance or {}).get("clauses", {})
    order = [n for n in (record or {}).get("clauses", ()) if n in law]
    for name in [*order, *(n for n in law if n not in order)]:
        clause = known.get(name, {"label": {"zh": name, "en": name}, "unit": "", "cite": ""})
        cite = cite_of(clause, law[name], finding["district_code"])
        yield ClauseLine(f"law.{name}", Text(**clause["label"]), clause["unit"], law[name], cite, f"law.{name}" in used)


def _parameters(finding: Finding, record: dict[str, Any] | None) -> Iterable[ClauseLine]:
    """The parameters of the rule that have other values in places and times, as they held here."""
    for parameter in (record or {}).get("parameters", ()):
        name = f"param.{parameter['name']}"
        if "placed" in parameter and name in finding["numbers"]:
            value = finding["numbers"][name]
            cite = cite_of({"cite": parameter["note"], "placed": parameter["placed"]}, value, finding["district_code"])
            yield ClauseLine(name, Text(parameter["name"], parameter["name"]), parameter["unit"], value, cite)


def _facts(evidence: Evidence, used: set[str]) -> Iterable[FactLine]:
    """Every fact on record with its cells; a tally that is no fact of the dictionary goes by its label in the rule."""
    subject, record = evidence.rule.subject, evidence.rule.text or {}
    sums = {step["name"]: step for step in record.get("steps", ()) if step["label"]}
    for name, value in (evidence.finding["facts"] if evidence.finding else {}).items():
        fact = find_fact(subject, name)
        reads = fact.reads if fact else sums.get(name, {}).get("reads", ())
        cells = [cell for read in reads for cell in evidence.cells if f"{cell.table}.{cell.field}" == read]
        origins = tuple(
            Origin(Place(c.file, c.sheet or None, c.row, c.letter), c.header or "", c.raw, by_whom(c.corrected) if c.corrected else None)
            for c in cells
        )
        label = fact_label(subject, name) if fact else Text(**sums[name]["label"]) if name in sums else Text(name, name)
        yield FactLine(name, label, value, origins, name in used or name.removeprefix("project.") in used)


def _missing_line(subject: str, name: str) -> MissingLine:
    return MissingLine(name, fact_label(subject, name), fact_owner(subject, name))
