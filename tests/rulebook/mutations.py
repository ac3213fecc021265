"""Breaks every rule in many small ways and names what no worked case notices: ``python tests/rulebook/mutations.py [RULE...]``.

Broken, one at a time: each comparison of each expression and each parameter (``rulebook.breaking``), each unknown number read as zero,
each comparison of a measure, the first day of each ordinance and of each dated value. A survivor is a gap in the cases, or is listed in
:data:`EXPLAINED` with the reason why nothing can show it. The tests run the same (test_mutations.py).
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from planning_check import pipeline
from planning_check.errors import RulebookError
from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook.breaking import breakings, noticed, nudged, swapped
from planning_check.rulebook.cases import Case, check_case, judge_cases, read_cases, run_cases
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.measures import Carry, HandedSum, Limit, Measure, PhaseDay, RoomSum, Tally, with_limits
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.ordinances import Ordinance
from planning_check.rulebook.rules import Rule

DAY = dt.timedelta(days=1)
#: amounts that only inform (a price that is not known leaves the outcome as it is)
INFORMS = ("price_yuan_per_m2",)
_CASES: dict[Path, list[Case]] = {}
_BY_ZERO = "a division by zero is unknown, as the division by an unknown is"
_TAKEN = "the branch is taken only where the area is known"
_ASKED = "asked only where it is known that something was planned"
#: rule -> expressions whose breaking no case can show, with the reason; empty is the aim
EXPLAINED: dict[str, dict[str, str]] = {
    "measures": {
        "measure development_is_stalled: is_development_stated_stalled or add_months(development_active_on, "
        "stalled_months) <= as_of": "on that very day the gate is the day of the check, so nothing is due either way",
    },
    "FS08": {"violated_when: built_places < coalesce(planned_places, 0)": _ASKED},
    "FS09": {"violated_when: built_m2 < coalesce(planned_m2, 0)": _ASKED},
    "DA04": {
        "let happened_later: coalesce(coalesce(later_days, 0) > 0, false)": "the coalesce around the comparison says the same",
    },
    "AP04": {
        "violated_when: difference_m2 > param.share * coalesce(development_total_m2, 0)": "the difference is unknown then too",
    },
    "AR10": {"let per_100_m2: divide(rooms_m2 * 100, coalesce(households, 0), 2)": _BY_ZERO},
    "GE02": {
        "let area_differs: difference_m2 > "
        "greatest(param.area_share * coalesce(land_area_m2, 0), param.area_m2)": "the difference is unknown then too",
        "let defect_m2: case when coalesce(overlaps, false) then coalesce(overlap_m2, 0) "
        "when coalesce(overlaps_own, false) then own_overlap_m2 when coalesce(area_differs, false) then difference_m2 "
        "when coalesce(is_outside, false) then outside_city_m2 end": _TAKEN,
        "let defect_m2: case when coalesce(overlaps, false) then overlap_m2 "
        "when coalesce(overlaps_own, false) then coalesce(own_overlap_m2, 0) when coalesce(area_differs, false) then difference_m2 "
        "when coalesce(is_outside, false) then outside_city_m2 end": _TAKEN,
        "let defect_m2: case when coalesce(overlaps, false) then overlap_m2 "
        "when coalesce(overlaps_own, false) then own_overlap_m2 when coalesce(area_differs, false) then difference_m2 "
        "when coalesce(is_outside, false) then coalesce(outside_city_m2, 0) end": _TAKEN,
    },
    "GE06": {
        "let has_no_parcel: coalesce(parcels, 0) = 0": "it applies only where the parcels are known",
        "let land_differs: difference_m2 > "
        "greatest(param.area_share * coalesce(land_area_m2, 0), param.area_m2)": "the difference is unknown then too",
    },
    "MO01": {
        "let underpaid_yuan: greatest(payable_yuan - coalesce(amount_yuan, 0), 0)": "what is payable is unknown then too",
        "let owed_at_yuan_per_m2: case when price_approval_no is not null then coalesce(unit_price_yuan_per_m2, 0) "
        "else listed_price_yuan_per_m2 end": "the area agreed is unknown then too",
        "let counted_m2: divide_down(amount_yuan, coalesce(counts_at_yuan_per_m2, 0), 2)": _BY_ZERO,
    },
    "MO09": {
        "let wrong_yuan: case when coalesce(went_elsewhere, false) then coalesce(fund_elsewhere_yuan, 0) "
        "when was_diverted then fund_diverted_yuan "
        "when has_no_source then without_source_yuan else waiting_yuan end": "the branch is taken only where the sum is known",
        "let wrong_yuan: case when coalesce(went_elsewhere, false) then fund_elsewhere_yuan "
        "when was_diverted then coalesce(fund_diverted_yuan, 0) "
        "when has_no_source then without_source_yuan else waiting_yuan end": "the branch is taken only where the sum is known",
    },
    "MO02": {"let claimed_m2: divide_down(amount_yuan, coalesce(counts_at_yuan_per_m2, 0), 2)": _BY_ZERO},
    "MO04": {
        "let due_yuan: case when coalesce(deposit_due_yuan, 0) > 0 "
        "then coalesce(deposit_due_yuan, 0) end": "zero due counts as not known too",
        "let top_up_yuan: case when coalesce(has_expired and duty_is_open, false) then short_yuan + coalesce(deposit_expired_yuan, 0) "
        "else short_yuan end": "has_expired says that the expired sum is known",
    },
}


def with_text(item: Item, text: str) -> Item:
    return Item(text, item.file, item.line)


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """(what was broken, the broken rule)."""
    yield from ((one.what, one.rule) for one in (*swapped(rule), *nudged(rule)))
    yield from unknown_as_zero(rule)


def unknown_as_zero(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The rule with one numeric fact after the other read as zero where it is unknown."""
    facts = [f.name for f in SUBJECTS[rule.subject].facts.values() if f.type in ("area", "money", "integer", "number")]
    places = {"violated_when": rule.violated_when, **{f"let {n}": i for n, i in rule.let.items()}}
    for place, item in places.items():
        for fact in facts:
            text = item.expression()
            broken = re.sub(rf"(?<![\w.]){fact}(?!\w)(?! is )", f"coalesce({fact}, 0)", text)
            if broken == text or fact in INFORMS:
                continue
            if place == "violated_when":
                yield f"{place}: {broken}", replace(rule, violated_when=with_text(item, broken))
            else:
                yield f"{place}: {broken}", replace(rule, let={**rule.let, place[4:]: with_text(item, broken)})


def cases_of(rule: Rule) -> list[Case]:
    """The cases of a rule's file, read once."""
    if rule.path not in _CASES:
        _CASES[rule.path] = read_cases(rule)
    return _CASES[rule.path]


def killed(rule: Rule, book: Rulebook) -> bool:
    """Whether a case of the rule notices."""
    try:
        cases = cases_of(rule)
        rows, failed = judge_cases(book, cases, [rule])
        return any(not check_case(rule, case, row, failed).passed for case, row in zip(cases, rows, strict=True))
    except RulebookError:
        return True


def survivors(rule: Rule, book: Rulebook) -> list[str]:
    """What was broken in the rule without any case noticing, but for what is explained."""
    broken = dict(mutants(rule))
    seen = noticed(cases_of(rule), list(broken.values()), book)
    return [what for what, was_noticed in zip(broken, seen, strict=True) if not was_noticed and what not in EXPLAINED.get(rule.id, {})]


#: Measures of projects that nothing reads but sums over a development, which worked cases give: where they are held.
_READ_BY_SUMS = {"own_duty_has_come": "tests/assess/test_phase_clauses.py"}


def measure_survivors(book: Rulebook) -> list[str]:
    """The same for the measures that rules share: some rule that reads them must notice."""
    found = []
    for number, measure in enumerate(book.measures):
        if isinstance(measure, Tally | RoomSum | HandedSum | Carry | PhaseDay):  # see test_broken_measures.py
            continue
        if isinstance(measure, Limit):
            moved = measure.value + Decimal(1).scaleb(measure.value.as_tuple().exponent)
            broken = replace(book, measures=with_limits(book.measures, {measure.id: moved}))
            if not any(killed(rule, broken) for rule in _readers(book, measure)):
                found.append(f"limit {measure.id} -> {moved}")
            continue
        if getattr(measure, "subject", "project") != "project" and not any(
            measure.id in rule.path.read_text("utf-8") for rule in book.rules
        ):
            continue  # read by sums over rooms and handovers alone, which worked cases give: broken in tests/assess/test_broken_measures.py
        if measure.id in _READ_BY_SUMS:
            continue
        for text in breakings(measure.of.expression()):
            changed = list(book.measures)
            changed[number] = replace(measure, of=with_text(measure.of, text))
            broken = replace(book, measures=tuple(changed))
            what = f"measure {measure.id}: {text}"
            if what not in EXPLAINED.get("measures", {}) and not any(killed(rule, broken) for rule in _readers(book, measure)):
                found.append(what)
    return found


def _readers(book: Rulebook, measure: Measure | Limit) -> list[Rule]:
    """The rules that may read a measure, those that name it first."""
    own = getattr(measure, "subject", "project")  # a formula or a limit is read by the measures and rules of projects
    users = [r for r in book.rules if r.subject == own or (own == "project" and "project." in r.path.read_text("utf-8"))]
    return sorted(users, key=lambda r: measure.id not in r.path.read_text("utf-8"))


def ordinance_survivors(ordinance: Ordinance, book: Rulebook) -> list[str]:
    """The first and last day, and the first day of every dated value, moved by one day either way."""
    return [what for what, moved in _moved(ordinance) if all(r.passed for r in run_cases(book, [], [moved]))]


def _moved(ordinance: Ordinance) -> Iterator[tuple[str, Ordinance]]:
    for step in (-DAY, DAY):
        begins = ordinance.begins + step
        clauses = {n: replace(c, values=((begins, c.values[0][1]), *c.values[1:])) for n, c in ordinance.clauses.items()}
        yield f"{ordinance.id}.from -> {begins}", replace(ordinance, begins=begins, clauses=clauses)
        if ordinance.ends.year < 9999:
            yield f"{ordinance.id}.to -> {ordinance.ends + step}", replace(ordinance, ends=ordinance.ends + step)
        for name, clause in ordinance.clauses.items():
            for place in range(1, len(clause.values)):
                day, value = clause.values[place]
                values = (*clause.values[:place], (day + step, value), *clause.values[place + 1 :])
                moved = replace(ordinance, clauses={**ordinance.clauses, name: replace(clause, values=values)})
                yield f"{ordinance.id}.{name} from {day} -> {day + step}", moved
            for place, one in enumerate(clause.placed):
                for other in (
                    replace(one, begins=one.begins + step),
                    *([replace(one, ends=one.ends + step)] if one.ends.year < 9999 else []),
                ):
                    placed = (*clause.placed[:place], other, *clause.placed[place + 1 :])
                    moved = replace(ordinance, clauses={**ordinance.clauses, name: replace(clause, placed=placed)})
                    yield f"{ordinance.id}.{name} in {one.jurisdiction} -> {other.begins} to {other.ends}", moved


def main(wanted: list[str]) -> int:
    book = pipeline.load_rules()
    rules = [r for r in book.rules if not wanted or any(r.id.startswith(w) for w in wanted)]
    found = {rule.id: survivors(rule, book) for rule in rules}
    if not wanted:
        found["measures"] = measure_survivors(book)
        found |= {o.id: ordinance_survivors(o, book) for o in book.ordinances}
    for name, left in found.items():
        for what in left:
            print(f"{name} survives: {what}")
    tried = sum(1 for rule in rules for _ in mutants(rule))
    print(
        f"{tried} mutants of {len(rules)} rules; survivors: {sum(map(len, found.values()))}; explained: {sum(map(len, EXPLAINED.values()))}"
    )
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
