"""Between the phases of one development: what one has beyond its share counts for the others; the first or last day of theirs.
SQL over the layered projects.

Own figures come first. What is over goes to the phases after it, in order; what is left at the end goes back to the earliest
that is still short, and last to those that are not due. A phase that is not due owes nothing yet, and all it has is there for
those that are. What one gets, others give.
"""

from __future__ import annotations

from dataclasses import replace

from planning_check.assess import ENDED_SQL, JUDGED_SQL, WHOLE
from planning_check.facts.bounds import ENOUGH, NOTHING
from planning_check.rulebook import terms as t
from planning_check.rulebook.measures import Carry, PhaseDay
from planning_check.rulebook.scopes import Layers

#: Every phase at worst and at best where it is unknown, and phases whose order is not known one way and the other.
_RUNS = tuple((f"{end}{turn}", end, f"rank, project_id{way}") for turn, way in enumerate(("", " DESC")) for end in ("worst", "best"))


def _of_it(c: str) -> str:
    return f"{WHOLE}, {c}__alike"


def _alike(alike: t.Term) -> str:
    """A phase whose law is unclear may be of those that are told."""
    return f"coalesce({alike.sql}, min({alike.sql}) OVER ({WHOLE}))"


def _bound(where: t.Term) -> str:
    """Whether a phase is one of those that count: bound by law, not given up, and as asked."""
    return f"CASE WHEN law_state IN ('legacy', 'none') OR {ENDED_SQL} THEN false WHEN {JUDGED_SQL} THEN {where.sql} END"


def day_of_phases(measure: PhaseDay, layers: Layers, day: t.Term, where: t.Term) -> t.Term:
    """Add the layers of the measure; a phase of which it is not known whether it counts leaves open
    whether there was an earlier (later) day."""
    c, most, least = measure.id, *(("max", "hi") if measure.is_last else ("min", "lo"))
    level = layers.above([day, where])
    lacks = f"CASE WHEN {c}__in IS DISTINCT FROM false THEN {day.missing} || {where.missing} ELSE '' END"
    layers.add(level, f"({_bound(where)}) AS {c}__in")
    layers.add(level + 1, f"({lacks}) AS {c}__lacks")
    ends = {end: f"{most}({sql}) FILTER ({c}__in) OVER ({WHOLE})" for end, sql in (("lo", day.sql), ("hi", day.hi))}
    ends[least] = f"{most}({day.hi if least == 'hi' else day.sql}) FILTER (coalesce({c}__in, true)) OVER ({WHOLE})"
    known = f"({ends['lo']} IS NOT NULL AND {ends['hi']} IS NOT NULL)"
    layers.add(level + 2, ", ".join(f"CASE WHEN {known} THEN {sql} END AS {c}_{end}" for end, sql in ends.items()))
    layers.add(level + 2, f"{_others_lack(c, WHOLE)} AS {c}__others")
    used = t.Term(
        "date", f"{c}_lo", f"{c}_hi", names=frozenset(_of_others(n) for n in day.names | where.names if not n.startswith("@")) | {f"@{c}"}
    )
    layers.add(level + 3, f"(CASE WHEN {t.is_unknown(used)} THEN {c}__others ELSE {t.EMPTY} END) AS {c}__missing")
    layers.level[f"@{c}"] = level + 3
    return replace(used, missing=f"{c}__missing")


def carry(measure: Carry, layers: Layers, terms: dict[str, t.Term]) -> dict[str, t.Term]:
    """Add the layers of the measure; gives its terms: the area that a phase gets from the others, what it gives them,
    and the day of what it gets."""
    c = measure.id
    stack = _layers(c, measure.given_id, **{name: term for name, term in terms.items() if name != "day"})
    if "day" in terms:
        stack[-2] += _days(c, terms["day"])
    level = layers.above(terms.values())
    for number, items in enumerate(stack):
        layers.add(level + number, ", ".join(items))
    names = frozenset(_of_others(n) for term in terms.values() for n in term.names if not n.startswith("@")) | {"phases.phase_no"}
    made = {n: t.Term("number", n, scale=2, missing=f"{c}__missing", names=names | {f"@{n}"}) for n in (c, measure.given_id)}
    if "day" in terms:
        day = measure.day_id
        made[day] = t.Term("date", f"{day}_lo", f"{day}_hi", missing=f"{c}__missing", names=names | {f"@{day}"})
    for name in made:
        layers.level[f"@{name}"] = level + len(stack) - 1
    return made


def _days(c: str, day: t.Term) -> list[str]:
    """By which day what a phase got was there: the last of its own and of those before it that have more, if these are enough;
    else of all."""
    r, over = f"{c}__{_RUNS[0][0]}", f"{c}__has_worst > {c}__owes_worst"
    items = []
    for end, sql in (("lo", day.sql), ("hi", day.hi)):
        given = f"max(CASE WHEN {over} THEN {sql} END)"
        before = f"{given} OVER ({_of_it(c)} ORDER BY {c}__rank, project_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        items.append(
            f"greatest({sql}, CASE WHEN {r}_back = 0 THEN {before} ELSE {given} OVER ({_of_it(c)}) END) AS {c.removesuffix('_m2')}_on_{end}"
        )
    return items


def _layers(c: str, given: str, has: t.Term, owes: t.Term, due: t.Term, where: t.Term, alike: t.Term) -> list[list[str]]:
    lacks = f"CASE WHEN {c}__in IS DISTINCT FROM false THEN {' || '.join(term.missing for term in (has, owes, due, where))} ELSE '' END"
    first = [
        f"({_bound(where)}) AS {c}__in",
        f"{_alike(alike)} AS {c}__alike",
        f"{due.sql} AS {c}__due",
        f"{has.sql} AS {c}__has",
        f"{owes.sql} AS {c}__owes",
    ]
    second = [
        _end(c, "has", "worst", NOTHING), _end(c, "has", "best", ENOUGH), _end(c, "owes", "worst", ENOUGH),
        _end(c, "owes", "best", NOTHING), f"({lacks}) AS {c}__lacks", f"{_rank(c)} AS {c}__rank",
    ]  # fmt: skip
    steps: list[list[str]] = [[] for _ in range(7)]
    for run, end, order in _RUNS:
        for number, items in enumerate(_run(c, f"{c}__{run}", end, f"{c}__{order}")):
            steps[number] += items
    alone = f"development_id IS NULL OR {c}__in IS DISTINCT FROM true OR {c}__has IS NULL OR {c}__owes IS NULL"
    values = []
    for what, name in (("gets", c), ("gives", given)):
        known = " AND ".join(f"{c}__{run}_{what} = {c}__{_RUNS[0][0]}_{what}" for run, *_ in _RUNS[1:])
        values.append(f"CAST(CASE WHEN {alone} THEN 0 WHEN {known} THEN {c}__{_RUNS[0][0]}_{what} END AS DECIMAL(18, 2)) AS {name}")
    return [
        first, second, *steps,
        [*values, f"{_others_lack(c, _of_it(c))} AS {c}__others"],
        [f"(CASE WHEN {c} IS NULL OR {given} IS NULL "
         f"THEN coalesce(nullif({c}__others, ''), 'phases.phase_no,') ELSE '' END) AS {c}__missing"],
    ]  # fmt: skip


def _end(c: str, what: str, end: str, unknown: str) -> str:
    """What a phase has or owes, at worst or best for the developer; nothing where it is none of these phases."""
    outside = f"WHEN {c}__in = false THEN {NOTHING} WHEN {c}__in IS NULL THEN {unknown}"
    return f"CAST(CASE {outside} ELSE coalesce({c}__{what}, {unknown}) END AS DECIMAL(38, 2)) AS {c}__{what}_{end}"


def _rank(c: str) -> str:
    """By the phase's number, else the day of planning acceptance."""
    numbered = f"bool_and(phase_no IS NOT NULL OR {c}__in = false) OVER ({_of_it(c)})"
    return (
        f"CASE WHEN {numbered} THEN phase_no "
        "ELSE date_diff('day', DATE '0001-01-01', coalesce(planning_accepted_on_lo, DATE '9999-12-31')) END"
    )


def _run(c: str, r: str, end: str, order: str) -> list[list[str]]:
    """The steps of one run. Columns: _sum what is over so far, _low its lowest (what stays short before anything goes back)."""
    has, owes = f"{c}__has_{end}", f"{c}__owes_{end}"
    due = f"coalesce({c}__due, true)"
    so_far = f"OVER ({_of_it(c)} ORDER BY {order} ROWS UNBOUNDED PRECEDING)"
    before = f"OVER ({_of_it(c)} ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    whole = f"OVER ({_of_it(c)})"
    over = f"greatest({has} - {owes}, 0)"
    return [
        [f"sum({has} - CASE WHEN {due} THEN {owes} ELSE 0 END) {so_far} AS {r}_sum",
         f"coalesce(sum(CASE WHEN {due} THEN 0 ELSE {owes} END) {before}, 0) AS {r}_asked"],
        [f"least(min({r}_sum) {so_far}, 0) AS {r}_low"],
        [f"coalesce(min({r}_low) {before}, 0) AS {r}_low_before", f"min({r}_low) {whole} AS {r}_lowest",
         f"sum({has} - CASE WHEN {due} THEN {owes} ELSE 0 END) {whole} AS {r}_all"],
        [
            f"greatest(least({r}_all - {r}_lowest + {r}_low_before, {r}_low_before - {r}_low), 0) AS {r}_back",
            f"greatest(least({r}_all - {r}_asked, {owes}), 0) AS {r}_late",
        ],
        [
            f"CASE WHEN {due} THEN greatest({owes} - {has}, 0) - ({r}_low_before - {r}_low - {r}_back) "
            f"ELSE {r}_late - least({has}, {owes}) END AS {r}_gets",
        ],
        [f"sum({r}_gets) {whole} AS {r}_given", f"coalesce(sum({over}) {before}, 0) AS {r}_over_before"],
        [f"greatest(least({r}_given - {r}_over_before, {over}), 0) AS {r}_gives"],
    ]  # fmt: skip


def _others_lack(c: str, whole: str) -> str:
    """SQL: what the phases of the development lack, as names of other phases."""
    lacking = (
        f"string_agg(nullif({c}__lacks, ''), '') "
        f"OVER ({whole} ORDER BY project_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
    )
    named = f"regexp_replace(coalesce({lacking}, ''), '([^,]+),', 'phases.\\1,', 'g')"
    for told in ("handovers.", "premises.", "law.", "phases."):
        named = f"replace({named}, 'phases.{told}', '{told}')"
    return named


def _of_others(name: str) -> str:
    return name if "." in name else f"phases.{name}"
