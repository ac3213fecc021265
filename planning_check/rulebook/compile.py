"""Rules to SQL: one select list a subject with every rule's numbers and outcome, and a findings query a rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from planning_check.assess import ENDED_STATES, JUDGED_SQL, LAW_STATES, SHOWN, UNCLEAR_LIVES, Plan, RulePlan
from planning_check.clauses import CLAUSES
from planning_check.errors import Text
from planning_check.facts.bounds import BOUNDS
from planning_check.facts.dictionary import SUBJECTS, Subject
from planning_check.rulebook import terms as t
from planning_check.rulebook.acts import act_time, act_year
from planning_check.rulebook.building_on import based_on_ids
from planning_check.rulebook.compile_measures import Compiled, compile_measures
from planning_check.rulebook.contracts import NO_TERMS, ContractTerms
from planning_check.rulebook.expressions import compile_expression, compile_margin
from planning_check.rulebook.finding_query import ENDED, FindingQuery
from planning_check.rulebook.measures import AnyMeasure
from planning_check.rulebook.messages import compile_template
from planning_check.rulebook.naming import choices_of, scope_of
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.ordinances import Ordinance, sql_literal, sql_value
from planning_check.rulebook.rules import Rule
from planning_check.rulebook.scopes import Layers
from planning_check.words import LISTS

LEGACY = Text("批准于办法施行之前，不溯及既往", "older than the ordinance, which does not apply backwards")
NO_ORDINANCE = Text("当地没有收录办法", "no ordinance on file for the place")

BEYOND_CONTRACT = Text(
    "项目早于办法，只受出让合同或规划条件约束；本条是后来办法的程序要求，不溯及既往",
    "older than the ordinance and bound by its contract only; this rule is later procedure, which does not apply backwards",
)
#: Why a rule may not apply before its own conditions are asked: they come first among its reasons.
BEFORE_ALL = (LEGACY, NO_ORDINANCE, *ENDED, BEYOND_CONTRACT)


class RuleCompiler:
    """Compiles one rule for its subject."""

    def __init__(self, rule: Rule, measures: Compiled, anchors: Sequence[str], shown: Sequence[str], contract: ContractTerms = NO_TERMS):
        self.rule, self.subject, self.shown = rule, SUBJECTS[rule.subject], shown
        self.measures, self.contract = measures, contract
        self.anchors = [a if rule.subject == "project" else f"project.{a}" for a in anchors]
        self.of_project = "" if rule.subject == "project" else "project__"
        self.choices, self.scope = choices_of(self.subject), scope_of(self.subject, measures)
        if rule.judges_law:
            self.scope["law_state"] = t.symbol("law_state", "text", "law_state", choices=LAW_STATES)
        self.scope |= {f"param.{name}": self._parameter(name, value) for name, value in rule.parameters.items()}
        self.layers = Layers()
        self.lets: dict[str, t.Term] = {}
        self.terms: list[t.Term] = []

    def _parameter(self, name: str, value: Decimal | dt.date) -> t.Term:
        """A parameter: a number or a day that stands in the rules; of several by place and date the one on the day of the check."""
        placed = self.rule.placed.get(name, ())
        if not placed:
            return _written(name, value)
        district = self.scope.get("district_code") or self.scope.get("project.district_code")
        return t.held(
            name, _written(name, value), [(one.jurisdiction, one.begins, one.ends, _written(name, one.value)) for one in placed], district
        )

    def compile(self) -> tuple[RulePlan, dict[str, tuple[str, tuple[str, ...]]]]:
        """The rule's plan; and what it may lack, with whose that is and the tables that it is read from."""
        for name, item in self.rule.let.items():
            if name in self.scope:
                raise item.fail(f"{name} 与已有名称重复", f"{name} is already a name")
            self.scope[name] = self.lets[name] = self.layers.name(name, f"{self.rule.id}__{name}", self._expression(item))
        act = act_time(self.rule, self.scope)
        self.terms += [act] if act else []
        reasons = self._outcome(act)
        self._status()
        self._severity()
        used_names = self._check_use()
        query = FindingQuery(
            self.rule, self.subject, self.scope, self.choices, self.anchors, used_names, self._guarded(), reasons,
            self.shown, self.measures.owners
        )  # fmt: skip
        margin, margin_unit = self._margin()
        plan = RulePlan(
            id=self.rule.id,
            subject=self.rule.subject,
            items=tuple(tuple(layer) for layer in self.layers.items),
            broken_items=tuple(self._broken_items()),
            line_sql=query.line_sql(),
            told_sql=query.told_sql(),
            law_text=query.law_text(),
            sha256=self.rule.sha256,
            list=self.rule.list,
            list_no=list(LISTS).index(self.rule.list),
            responsible=self.rule.responsible,
            remedy_document=self.rule.remedy.document or "",
            consequence=",".join(self.rule.consequence),
            is_guarded=self._guarded(),
            classes=query.classes(),
            reasons=tuple((r.zh, r.en) for r in reasons),
            again=(margin, *(f"{query.amount_sql(a)} AS {self.rule.id}__{a}" for a in ("area_m2", "yuan"))),
            alternatives=self._alternatives(),
            margin_unit=margin_unit,
            reads=query.reads(),
            watches_act=act is not None,
            has_amount="area_m2" in self.rule.amounts or "yuan" in self.rule.amounts,
        )
        return plan, query.lacking()

    def _margin(self) -> tuple[str, str]:
        """The item for by how much the rule is violated, and its unit; NULL where that is no plain comparison."""
        term = compile_margin(self.rule.violated_when, self.scope)
        name = f"{self.rule.id}__margin"
        if term is None:
            return f"NULL::DECIMAL(18, 2) AS {name}", ""
        text = self.rule.violated_when.expression()
        unit = next((unit for ending, unit in (("_on", "days"), ("_m2", "m2"), ("_yuan", "yuan")) if f"{ending} " in f"{text} "), "")
        return f"TRY_CAST({term.sql} AS DECIMAL(18, 2)) AS {name}", unit

    def _alternatives(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        read = {n for term in self.terms for n in term.names}
        for clause in self.rule.alternatives:
            if f"law.{clause}" not in read:
                raise self.rule.item.need("alternatives").need(clause).fail(
                    f"规则没有用到 {clause}，另设取值没有意义", f"the rule does not read {clause}, so no other value of it can matter"
                )  # fmt: skip
        return tuple((clause, tuple((str(v), sql_literal(v)) for v in values)) for clause, values in self.rule.alternatives.items())

    def _expression(self, item: Item, kind: str | None = None) -> t.Term:
        term = compile_expression(item, self.scope, kind)
        self.terms.append(term)
        return term

    def _outcome(self, act: t.Term | None) -> list[Text]:
        """Adds the outcome, the number of the reason why it does not apply, and what is missing; gives the reasons."""
        stages: list[tuple[t.Term, str, str]] = []  # term, outcome if false, reason number if false
        reasons = list(BEFORE_ALL)
        for condition in self.rule.applies_when:
            stages.append((self._expression(condition.when, "bool"), "not_applicable", str(len(reasons))))
            reasons.append(condition.otherwise)
        due = self._expression(self.rule.due_when, "bool") if self.rule.due_when else None
        exempt = self._expression(self.rule.exempt_when, "bool") if self.rule.exempt_when else None
        violated = self._expression(self.rule.violated_when, "bool")
        if self.rule.exempt_document:
            self._expression(self.rule.exempt_document, "text")
        level = self.layers.above(self.terms)
        stages = [(self._held(level, f"if_{number}", term), result, number) for term, result, number in stages]
        due, exempt = due and self._held(level, "due", due), exempt and self._held(level, "exempt", exempt)
        violated = self._held(level, "violated", violated)
        outcome = missing = reason = "CASE"
        for gate in (*(["life"] if self._ends() else []), *(["law"] if self._guarded() else [])):
            outcome += f" WHEN gate__{gate} IS NOT NULL THEN gate__{gate}"
            missing += f" WHEN gate__{gate} IS NOT NULL THEN gate__{gate}_missing"
            reason += f" WHEN gate__{gate} IS NOT NULL THEN gate__{gate}_reason"
        if self._guarded() and self.rule.id in self.contract.rules_off:
            outcome += " WHEN law_state = 'contract' THEN 'not_applicable'"
            missing += f" WHEN law_state = 'contract' THEN {t.EMPTY}"
            reason += f" WHEN law_state = 'contract' THEN {reasons.index(BEYOND_CONTRACT)}"
        for term, result, number in stages:
            outcome += f" WHEN NOT {term.sql} THEN '{result}' WHEN {term.sql} IS NULL THEN 'undetermined'"
            missing += f" WHEN NOT {term.sql} THEN {t.EMPTY} WHEN {term.sql} IS NULL THEN {term.missing}"
            reason += f" WHEN NOT {term.sql} THEN {number}"
        if exempt:
            outcome += f" WHEN {exempt.sql} THEN 'exempt' WHEN {exempt.sql} IS NULL THEN 'undetermined'"
            missing += f" WHEN {exempt.sql} THEN {t.EMPTY} WHEN {exempt.sql} IS NULL THEN {exempt.missing}"
        if due:
            outcome += f" WHEN NOT {due.sql} THEN 'not_due' WHEN {due.sql} IS NULL THEN 'undetermined'"
            missing += f" WHEN NOT {due.sql} THEN {t.EMPTY} WHEN {due.sql} IS NULL THEN {due.missing}"
        outcome += f" WHEN {violated.sql} THEN 'violation' WHEN NOT {violated.sql} THEN 'pass' ELSE 'undetermined' END"
        missing += f" WHEN {violated.sql} IS NULL THEN {violated.missing} ELSE {t.EMPTY} END"
        name = self.rule.id
        tried = f"{name}__tried"
        level += 1
        self.layers.add(level, f"{outcome} AS {tried}")
        if act is not None:
            self.layers.add(level, act_year(name, act, [*(term for term, _, _ in stages), *([due] if due else [])]))
        numbered = f"(CASE WHEN {tried} = 'not_applicable' THEN {reason} END END)" if reason != "CASE" else "NULL::INTEGER"
        self.layers.add(level + 1, f"{numbered} AS {name}__reason")
        unknown = f"CASE WHEN {tried} = 'undetermined' THEN {missing} ELSE {t.EMPTY} END"
        self.layers.add(level + 1, f"({unknown}) AS {name}__missing")
        failed = f"{tried} = 'undetermined' AND {name}__missing = ''"
        self.layers.add(level + 2, f"(CASE WHEN {failed} THEN 'error' ELSE {tried} END) AS {name}__outcome")
        return reasons

    def _held(self, level: int, name: str, condition: t.Term) -> t.Term:
        """The condition as a column of its own: outcome, reason and what is missing ask for it, and it is worked out once."""
        if condition.sql.isidentifier():
            return condition
        column = f"{self.rule.id}__{name}"
        self.layers.add(level, f"{condition.sql} AS {column}")
        return replace(condition, sql=column)

    def _guarded(self) -> bool:
        reads_law = any(n.startswith("law.") for term in self.terms for n in term.names)
        return reads_law and not self.rule.judges_law

    def _ends(self) -> bool:
        """Whether the rule asks nothing of a project any more that was cancelled, or went into others: all but those on data,
        and those that say so."""
        return self.subject.law_by == "project" and self.rule.list != "data" and not self.rule.judges_law and not self.rule.judges_ended

    def _status(self) -> None:
        if self.rule.status:
            term = compile_expression(self.rule.status.of, self.scope, "text", decided=True)
            self.terms.append(term)
            self.layers.add(self.layers.above([term]), f"{term.sql} AS {self.rule.id}__status")

    def _severity(self) -> None:
        """The severity that a violation has by its measure; NULL where the rule's own, or its class's, stands."""
        if self.rule.severity_when:
            terms = {severity: self._expression(when, "bool") for severity, when in self.rule.severity_when.items()}
            whens = " ".join(f"WHEN {term.sql} THEN '{severity}'" for severity, term in terms.items())
            self.layers.add(self.layers.above(terms.values()), f"(CASE {whens} END) AS {self.rule.id}__severity")

    def _check_use(self) -> frozenset[str]:
        """Every name that the rule's expressions and texts use; an unused parameter or let stops the load."""
        names = t.join_names(self.terms)
        for lang in ("zh", "en"):
            for key in ("message", "cure", *(("exempt_reason",) if self.rule.exempt_reason else ())):
                for name in compile_template(self.rule.item.need(key), self.scope, self.choices, lang)[1]:
                    names |= self.scope[name].names
        amounts = [*self.rule.amounts.values(), *self.rule.remedy.amounts.values()]
        names |= t.join_names([compile_expression(item, self.scope, "number") for item in amounts])
        for name in self.rule.parameters:
            if f"param.{name}" not in names:
                raise self.rule.item.need("parameters").need(name).fail(f"参数 {name} 没有用到", f"parameter {name} is not used")
        for name in self.lets:
            if f"@{name}" not in names:
                raise self.rule.let[name].fail(f"{name} 没有用到", f"{name} is not used")
        if self.rule.subject == "cluster" and not names >= {"within_m", "param.near_m"}:
            raise self.rule.violated_when.fail(
                "关于项目组的规则须有参数 near_m，并在 applies_when 写明 within_m = param.near_m：项目按此距离分组",
                "a rule on groups needs a parameter near_m and within_m = param.near_m in applies_when: "
                "projects are grouped at that distance",
            )
        return names

    def _broken_items(self) -> list[str]:
        name = self.rule.id
        items = []
        for let, term in self.lets.items():
            columns = [f"{name}__{let}_lo", f"{name}__{let}_hi"] if term.kind == "date" else [f"{name}__{let}"]
            items += [f"NULL AS {c}" for c in (*columns, f"{name}__{let}__missing")]
        items += [f"'' AS {name}__missing", f"'error' AS {name}__outcome", f"NULL::INTEGER AS {name}__reason"]
        items += [f"NULL::VARCHAR AS {name}__severity"] if self.rule.severity_when else []
        items += [f"0::SMALLINT AS {name}__act"] if self.rule.act else []
        return items + ([f"NULL::VARCHAR AS {name}__status"] if self.rule.status else [])


def gates(subject: Subject, anchors: Sequence[str]) -> tuple[str, ...]:
    """What lets no rule on a subject through, worked out once for all of them: the project has ended, or no law is known to govern.

    ``gate__life`` and ``gate__law``: the outcome then, NULL where rules go on to judge;
    ``..._missing`` and ``..._reason`` (its number) beside it.
    """
    if subject.law_by == "none":
        return ()
    of_project = "" if subject.name == "project" else "project."
    items = []
    if subject.law_by == "project":
        life, ended, unclear = f"coalesce({of_project.replace('.', '__')}life_state, 'open')", ENDED_STATES, UNCLEAR_LIVES
        items += [
            f"CASE WHEN {life} IN ({_listed(ended)}) THEN 'not_applicable' "
            f"WHEN {life} IN ({_listed(unclear)}) THEN 'undetermined' END AS gate__life",
            f"CASE {life} {_whens({state: t.name_list([of_project + fact]) for state, fact in unclear.items()})} END AS gate__life_missing",
            f"CASE {life} {_whens({state: BEFORE_ALL.index(ENDED[n]) for n, state in enumerate(ended)})} END AS gate__life_reason",
        ]
    lacking = {
        "no_project": ["project_id"], "anchor_unclear": [of_project + anchor for anchor in anchors],
        "contract_unclear": [f"{of_project}conditions_percent", "law"],
    }  # fmt: skip
    lacks = _whens({state: t.name_list(names) for state, names in lacking.items()})
    return (
        *items,
        f"CASE WHEN law_state IN ('legacy', 'none') THEN 'not_applicable' WHEN NOT ({JUDGED_SQL}) THEN 'undetermined' END AS gate__law",
        f"CASE law_state {lacks} ELSE 'law,' END AS gate__law_missing",
        f"CASE law_state {_whens({'legacy': BEFORE_ALL.index(LEGACY), 'none': BEFORE_ALL.index(NO_ORDINANCE)})} END AS gate__law_reason",
    )


def _whens(values: Mapping[str, object]) -> str:
    return " ".join(f"WHEN '{code}' THEN {value}" for code, value in values.items())


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def _written(name: str, value: Decimal | dt.date) -> t.Term:
    if isinstance(value, dt.date):
        day = f"DATE '{value.isoformat()}'"
        return t.Term("date", day, day, names=frozenset([f"param.{name}"]), literal=value.isoformat())
    return t.constant(f"param.{name}", value)


def make_plan(
    ordinances: Sequence[Ordinance], measures: Sequence[AnyMeasure], rules: Sequence[Rule], shown: Sequence[str] = SHOWN,
    contract: ContractTerms = NO_TERMS,
) -> Plan:  # fmt: skip
    """Compile everything; ``shown`` are the outcomes that become findings. Raises RulebookError with file:line for the first mistake."""
    compiled = compile_measures(measures)
    anchors = tuple(sorted({o.anchor for o in ordinances}))
    made = [RuleCompiler(rule, compiled, anchors, shown, contract).compile() for rule in sorted(rules, key=lambda r: r.id)]
    plans = tuple(plan for plan, _ in made)
    lacking: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
    for plan, names in made:
        for name, (owner, tables) in names.items():
            known = lacking.setdefault(plan.subject, {}).get(name, ("", ()))
            lacking[plan.subject][name] = (known[0] or owner, tuple(sorted({*known[1], *tables})))
    used = {p.subject for p in plans}
    if used:
        used.add("project")  # whose measures and tallies the others read
    versions: list[Any] = []
    for ordinance in sorted(ordinances, key=lambda o: o.id):
        for place in ordinance.places():
            for begins, ends, values in ordinance.versions(place):
                named = (len(versions), ordinance.id, ordinance.sha256, ordinance.jurisdiction, place)
                row = (*named, begins, ends, ordinance.anchor, ordinance.verified)
                versions.append((*row, *(sql_value(values.get(c)) for c in CLAUSES)))
    return Plan(
        law_columns=tuple((f"law_{c.name}", c.sql_type) for c in CLAUSES.values()),
        law_versions=tuple(versions),
        law_bases=based_on_ids(ordinances),
        anchors=anchors,
        room_items=compiled.room_items,
        room_sums=compiled.room_sums,
        handed_items=compiled.handed_items,
        handed_sums=compiled.handed_sums,
        deposit_items=compiled.deposit_items,
        measure_items=compiled.project_items,
        tallies=compiled.tallies,
        rules=plans,
        lacking=lacking,
        gates={name: gates(subject, anchors) for name, subject in SUBJECTS.items()},
        subjects=tuple(s for s in SUBJECTS if s in used),
        shown=tuple(shown),
        keys={name: s.key for name, s in SUBJECTS.items()},
        law_by={name: s.law_by for name, s in SUBJECTS.items()},
        bounds=BOUNDS,
        contract_takes=contract.takes,
        contract_takes_with_deposit=contract.with_deposit,
    )
