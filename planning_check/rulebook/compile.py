"""Rules to SQL: one select list a subject with every rule's numbers and outcome, and a findings query a rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from planning_check.assess import LAW_STATES, NAMED, SHOWN, Plan, RulePlan
from planning_check.errors import Text
from planning_check.facts.dictionary import PROJECT, SUBJECTS, Fact
from planning_check.rulebook import terms as t
from planning_check.rulebook.clauses import CLAUSES
from planning_check.rulebook.expressions import compile_expression
from planning_check.rulebook.messages import compile_template, plain_text
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.ordinances import Ordinance, sql_value
from planning_check.rulebook.rules import Measure, Rule, Tally
from planning_check.schema import Choice
from planning_check.words import LISTS

FACT_KINDS = {
    "text": ("text", 0), "code": ("text", 0), "choice": ("text", 0), "integer": ("number", 0), "number": ("number", 6),
    "area": ("number", 2), "money": ("number", 2), "bool": ("bool", 0), "choices": ("list", 0), "date": ("date", 0),
}  # fmt: skip
CLAUSE_KINDS = {"number": ("number", 6), "bool": ("bool", 0), "choice": ("text", 0), "list": ("list", 0), "steps": ("steps", 0)}
LEGACY = Text("批准于办法施行之前，不溯及既往", "older than the ordinance, which does not apply backwards")
NO_ORDINANCE = Text("当地没有收录办法", "no ordinance on file for the place")
UNGOVERNED = {  # why the law that applies is not known
    "gap": Text("没有办法覆盖该日期", "no ordinance covers the day"),
    "conflict": Text("有两个以上办法同时覆盖", "more than one ordinance covers it"),
    "anchor_unclear": Text("适用日期不明，可能落在不同办法", "the day is not known well enough to choose an ordinance"),
    "no_project": Text("报送中没有这个项目", "its project is not in the delivery"),
}


def fact_scope(facts: dict[str, Fact], prefix: str = "", column_prefix: str = "") -> dict[str, t.Term]:
    """The names that facts put in scope, as columns of the based table."""
    scope = {}
    for fact in facts.values():
        if fact.type not in FACT_KINDS:
            continue
        kind, scale = FACT_KINDS[fact.type]
        codes = tuple(c.code for c in fact.choices)
        name, column = prefix + fact.name, column_prefix + fact.name
        sql, hi = (f"{column}_lo", f"{column}_hi") if kind == "date" else (column, "")
        scope[name] = t.symbol(name, kind, sql, hi=hi, scale=scale, choices=codes if kind == "text" else ())
    return scope


def law_scope() -> dict[str, t.Term]:
    return {
        f"law.{c.name}": t.symbol(
            f"law.{c.name}", CLAUSE_KINDS[c.type][0], f"law_{c.name}", scale=CLAUSE_KINDS[c.type][1],
            choices=c.choices if c.type == "choice" else (),
        )
        for c in CLAUSES.values()
    }  # fmt: skip


def _as_of() -> dict[str, t.Term]:
    return {"as_of": t.Term("date", "as_of", "as_of", literal="as_of")}


class Layers:
    """Named expressions in layers: each a layer above the names that it uses, what it misses a layer above its value."""

    def __init__(self) -> None:
        self.items: list[list[str]] = []
        self.level: dict[str, int] = {}

    def above(self, terms: Iterable[t.Term]) -> int:
        """The first layer that can use all names of these terms."""
        return max((self.level[n] + 1 for term in terms for n in term.names if n in self.level), default=0)

    def add(self, level: int, item: str) -> None:
        while len(self.items) <= level:
            self.items.append([])
        self.items[level].append(item)

    def name(self, name: str, column: str, term: t.Term) -> t.Term:
        """Add a named expression; gives the term that later expressions use."""
        level = self.above([term])
        value = f"{term.sql} AS {column}" if term.kind != "date" else f"{term.sql} AS {column}_lo, {term.hi} AS {column}_hi"
        self.add(level, value)
        sql, hi = (f"{column}_lo", f"{column}_hi") if term.kind == "date" else (column, "")
        used = replace(term, sql=sql, hi=hi, literal=None, missing=t.EMPTY, names=term.names | {f"@{name}"})
        if term.missing != t.EMPTY:
            level += 1
            self.add(level, f"(CASE WHEN {t.is_unknown(used)} THEN {term.missing} ELSE {t.EMPTY} END) AS {column}__missing")
            used = replace(used, missing=f"{column}__missing")
        self.level[f"@{name}"] = level
        return used


def compile_measures(measures: Sequence[Measure | Tally]) -> tuple[list[list[str]], dict[str, t.Term], list[tuple[str, str]]]:
    """The layers of all measures and their terms, each may use the ones before it; and the tallies' (name, condition)."""
    scope = {**fact_scope(PROJECT.facts), **law_scope(), **_as_of()}
    layers = Layers()
    made: dict[str, t.Term] = {}
    tallies = []
    for measure in measures:
        if isinstance(measure, Tally):
            tallies.append((measure.id, compile_expression(measure.counts_where, scope, "bool").sql))
            continue
        if measure.id in scope:
            raise measure.of.fail(f"{measure.id} 与已有名称重复", f"{measure.id} is already a name")
        made[measure.id] = scope[measure.id] = layers.name(measure.id, measure.id, compile_expression(measure.of, scope))
    return layers.items, made, tallies


class RuleCompiler:
    """Compiles one rule for its subject."""

    def __init__(self, rule: Rule, measures: dict[str, t.Term], tallies: Sequence[tuple[str, str]], anchors: Sequence[str]):
        self.rule, self.subject = rule, SUBJECTS[rule.subject]
        self.anchors = [a if rule.subject == "project" else f"project.{a}" for a in anchors]
        self.choices: dict[str, tuple[Choice, ...]] = {f.name: f.choices for f in self.subject.facts.values()}
        self.scope = {**fact_scope(self.subject.facts), **law_scope(), **_as_of()}
        if rule.subject == "project":
            self.scope |= measures
        elif self.subject.law_by == "project":
            self.scope |= fact_scope(PROJECT.facts, "project.", "project__")
            self.scope |= {f"project.{name}": _prefixed(term, list(measures)) for name, term in measures.items()}
            self.choices |= {f"project.{f.name}": f.choices for f in PROJECT.facts.values()}
        else:
            self.scope |= {name: t.symbol(name, "number", name) for name, _ in tallies}
        if rule.judges_law:
            self.scope["law_state"] = t.symbol("law_state", "text", "law_state", choices=LAW_STATES)
        for name, value in rule.parameters.items():
            scale = max(-value.as_tuple().exponent, 0)
            sql = f"CAST({value} AS DECIMAL(38, {scale}))"
            self.scope[f"param.{name}"] = t.Term("number", sql, scale=scale, names=frozenset([f"param.{name}"]), literal=str(value))
        self.layers = Layers()
        self.lets: dict[str, t.Term] = {}
        self.terms: list[t.Term] = []

    def compile(self) -> RulePlan:
        for name, item in self.rule.let.items():
            if name in self.scope:
                raise item.fail(f"{name} 与已有名称重复", f"{name} is already a name")
            self.scope[name] = self.lets[name] = self.layers.name(name, f"{self.rule.id}__{name}", self._expression(item))
        reasons = self._outcome()
        self._status()
        used_names = self._check_use()
        return RulePlan(
            id=self.rule.id,
            subject=self.rule.subject,
            items=tuple(tuple(layer) for layer in self.layers.items),
            broken_items=tuple(self._broken_items()),
            finding_sql=self._finding_sql(used_names),
            list_no=list(LISTS).index(self.rule.list),
            reasons=tuple((r.zh, r.en) for r in reasons),
        )

    def _expression(self, item: Item, kind: str | None = None) -> t.Term:
        term = compile_expression(item, self.scope, kind)
        self.terms.append(term)
        return term

    def _outcome(self) -> list[Text]:
        """Adds the outcome, the number of the reason why it does not apply, and what is missing; gives the reasons."""
        stages: list[tuple[t.Term, str, str]] = []  # term, outcome if false, reason number if false
        reasons = [LEGACY, NO_ORDINANCE]
        for condition in self.rule.applies_when:
            stages.append((self._expression(condition.when, "bool"), "not_applicable", str(len(reasons))))
            reasons.append(condition.otherwise)
        due = self._expression(self.rule.due_when, "bool") if self.rule.due_when else None
        exempt = self._expression(self.rule.exempt_when, "bool") if self.rule.exempt_when else None
        violated = self._expression(self.rule.violated_when, "bool")
        if self.rule.exempt_document:
            self._expression(self.rule.exempt_document, "text")
        outcome = missing = reason = "CASE"
        if self._guarded():
            outcome += " WHEN law_state IN ('legacy', 'none') THEN 'not_applicable' WHEN law_state <> 'governed' THEN 'undetermined'"
            missing += " WHEN law_state = 'no_project' THEN 'project_id,' "
            missing += f"WHEN law_state = 'anchor_unclear' THEN {t.name_list(self.anchors)} WHEN law_state <> 'governed' THEN 'law,'"
            reason += " WHEN law_state = 'legacy' THEN 0 WHEN law_state = 'none' THEN 1"
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
        level = self.layers.above(self.terms)
        self.layers.add(level, f"{outcome} AS {tried}")
        numbered = f"(CASE WHEN {tried} = 'not_applicable' THEN {reason} END END)" if reason != "CASE" else "NULL::INTEGER"
        self.layers.add(level + 1, f"{numbered} AS {name}__reason")
        unknown = f"CASE WHEN {tried} = 'undetermined' THEN {missing} ELSE {t.EMPTY} END"
        self.layers.add(level + 1, f"({unknown}) AS {name}__missing")
        failed = f"{tried} = 'undetermined' AND {name}__missing = ''"
        self.layers.add(level + 2, f"(CASE WHEN {failed} THEN 'error' ELSE {tried} END) AS {name}__outcome")
        return reasons

    def _guarded(self) -> bool:
        reads_law = any(n.startswith("law.") for term in self.terms for n in term.names)
        return reads_law and not self.rule.judges_law

    def _status(self) -> None:
        if self.rule.status:
            term = self._expression(self.rule.status.of, "text")
            self.layers.add(self.layers.above([term]), f"{term.sql} AS {self.rule.id}__status")

    def _check_use(self) -> frozenset[str]:
        """Every name that the rule's expressions and texts use; an unused parameter or let stops the load."""
        names = t.join_names(self.terms)
        for lang in ("zh", "en"):
            for key in ("message", "cure"):
                for name in compile_template(self.rule.item.need(key), self.scope, self.choices, lang)[1]:
                    names |= self.scope[name].names
        names |= t.join_names([self._amount(item) for item in self.rule.amounts.values()])
        for name in self.rule.parameters:
            if f"param.{name}" not in names:
                raise self.rule.item.get("parameters").get(name).fail(f"参数 {name} 没有用到", f"parameter {name} is not used")
        for name in self.lets:
            if f"@{name}" not in names:
                raise self.rule.let[name].fail(f"{name} 没有用到", f"{name} is not used")
        return names

    def _amount(self, item: Item) -> t.Term:
        return compile_expression(item, self.scope, "number")

    def _tables(self, names: frozenset[str]) -> tuple[str, ...]:
        """The tables whose rows are the evidence: those that the facts used were measured from."""
        read = set()
        for name in names:
            subject, _, fact = name.rpartition(".")
            facts = PROJECT.facts if subject == "project" else self.subject.facts if not subject else {}
            if fact in facts:
                read |= {r.split(".")[0] for r in facts[fact].reads}
        return tuple(sorted(read & set(self.subject.rows)))

    def _broken_items(self) -> list[str]:
        name = self.rule.id
        items = []
        for let, term in self.lets.items():
            columns = [f"{name}__{let}_lo", f"{name}__{let}_hi"] if term.kind == "date" else [f"{name}__{let}"]
            items += [f"NULL AS {c}" for c in (*columns, f"{name}__{let}__missing")]
        items += [f"'' AS {name}__missing", f"'error' AS {name}__outcome", f"NULL::INTEGER AS {name}__reason"]
        return items + ([f"NULL::VARCHAR AS {name}__status"] if self.rule.status else [])

    def _finding_sql(self, names: frozenset[str]) -> str:
        rule, key = self.rule, self.subject.key
        listed = ", ".join(f"'{o}'" for o in SHOWN)
        shown = {n: self.scope[n] for n in sorted(names) if n in self.scope}
        facts = {n: term for n, term in shown.items() if not n.startswith(("law.", "param."))}
        numbers = {n[1:]: self._number(n[1:]) for n in sorted(names) if n.startswith("@")}
        numbers |= {n: self.scope[n] for n in sorted(names) if n.startswith("param.")}
        law = {n[4:]: self.scope[n] for n in shown if n.startswith("law.")}
        columns = [
            f"substr(sha256('{rule.id}|{rule.subject}|' || {key}), 1, 16) AS fingerprint",
            f"'{rule.id}' AS rule_id, '{rule.sha256}' AS rule_sha256, '{rule.subject}' AS subject, CAST({key} AS VARCHAR) AS subject_key",
            ", ".join(f"i_{c} AS {c}" for c in NAMED),
            "project_id" if "project_id" in self.subject.facts else "NULL::VARCHAR AS project_id",
            f"{rule.id}__outcome AS outcome, '{rule.list}' AS list",
            f"{self._severity()} AS severity, '{rule.responsible}' AS responsible",
            "ordinance_id, ordinance_sha256" if self._guarded() or rule.judges_law else "NULL AS ordinance_id, NULL AS ordinance_sha256",
            *self._status_columns(),
            *(
                f"{self._amount_sql(a)} AS {a}" for a in ("area_m2", "yuan", "yuan_min")
            ),
            *self._text_columns(),
            f"'{','.join(rule.consequence)}' AS consequence",
            f"{_json(facts)} AS facts, {_json(law)} AS law, {_json(numbers)} AS numbers",
            f"{_missing_names(rule.id)}::VARCHAR AS missing, {self._owner(names)} AS missing_owner",
            f"{self._sources(names)} AS sources",
        ]  # fmt: skip
        return (
            f"SELECT {', '.join(columns)} FROM judged_{rule.subject} LEFT JOIN evidence_{rule.subject} ON i_key = {key} "
            f"WHERE {rule.id}__outcome IN ({listed})"
        )

    def _sources(self, names: frozenset[str]) -> str:
        """SQL: the rows that the facts used came from, as JSON {table: [row_id]}."""
        parts = ", ".join(f"'\"{table}\":' || rows_{table}" for table in self._tables(names))
        return f"'{{' || concat_ws(',', {parts}) || '}}'" if parts else "'{}'"

    def _number(self, name: str) -> t.Term:
        return self.scope[name] if name in self.scope else self.scope[f"project.{name}"]

    def _when_violated(self, sql: str, null: str = "NULL") -> str:
        return f"(CASE WHEN {self.rule.id}__outcome = 'violation' THEN {sql} ELSE {null} END)"

    def _severity(self) -> str:
        lowered = self.rule.status.severities if self.rule.status else {}
        whens = " ".join(f"WHEN {self.rule.id}__status = '{code}' THEN '{severity}'" for code, severity in lowered.items())
        return f"(CASE {whens} ELSE '{self.rule.severity}' END)" if whens else f"'{self.rule.severity}'"

    def _status_columns(self) -> list[str]:
        if not self.rule.status:
            return ["NULL::VARCHAR AS status, NULL::VARCHAR AS status_zh, NULL::VARCHAR AS status_en"]
        column = f"{self.rule.id}__status"
        columns = [f"{self._when_violated(column)} AS status"]
        for lang in ("zh", "en"):
            whens = " ".join(f"WHEN '{code}' THEN {t.quoted(label.get(lang))}" for code, label in self.rule.status.values.items())
            columns.append(f"{self._when_violated(f'CASE {column} {whens} END')} AS status_{lang}")
        return columns

    def _amount_sql(self, amount: str) -> str:
        item = self.rule.amounts.get(amount)
        if item is None:
            return "NULL::DECIMAL(18, 2)"
        return self._when_violated(f"TRY_CAST({self._amount(item).sql} AS DECIMAL(18, 2))")

    def _text_columns(self) -> list[str]:
        columns = []
        for lang in ("zh", "en"):
            why = " ".join(f"WHEN '{state}' THEN {t.quoted(text.get(lang))}" for state, text in UNGOVERNED.items())
            why = f"CASE law_state {why} END"
            undetermined = f"CASE WHEN {self.rule.id}__outcome = 'undetermined' THEN {why if self._guarded() else 'NULL'} END"
            columns.append(f"{undetermined} AS reason_{lang}")
            columns += [
                f"{self._when_violated(compile_template(self.rule.item.need(key), self.scope, self.choices, lang)[0])} AS {key}_{lang}"
                for key in ("message", "cure")
            ]
        return columns

    def _owner(self, names: frozenset[str]) -> str:
        """SQL: the bureaus that own the missing facts, comma-joined."""
        owners: dict[str, list[str]] = {"ordinance": ["law"]}
        for name in sorted(names | {"project_id", *self.anchors}):
            subject, _, fact = name.rpartition(".")
            facts = PROJECT.facts if subject == "project" else self.subject.facts
            if name.startswith("law"):
                owners["ordinance"].append(name)
            elif fact in facts:
                owners.setdefault(facts[fact].owner, []).append(name)
        asked = f"string_split({self.rule.id}__missing, ',')"
        parts = [
            f"(CASE WHEN list_has_any({asked}, [{', '.join(map(t.quoted, names))}]) THEN '{owner}' END)"
            for owner, names in sorted(owners.items())
        ]
        return f"(CASE WHEN {self.rule.id}__missing <> '' THEN concat_ws(',', {', '.join(parts)}) ELSE '' END)"


def _prefixed(term: t.Term, measures: list[str]) -> t.Term:
    """A project measure as another subject sees it: columns and names of its project."""
    names = frozenset(n if n.startswith(("law.", "@", "param.")) else f"project.{n}" for n in term.names)
    missing = term.missing
    if missing != t.EMPTY:
        named = f"regexp_replace(project__{missing}, '([^,]+),', 'project.\\1,', 'g')"
        missing = f"coalesce(replace({named}, 'project.law', 'law'), {t.EMPTY})"
    return replace(term, sql=f"project__{term.sql}", hi=f"project__{term.hi}" if term.hi else "", missing=missing, names=names)


def _missing_names(rule_id: str) -> str:
    """SQL: the names of what a rule misses, each once, in order, as JSON."""
    missing = f"{rule_id}__missing"
    names = f"list_sort(list_distinct(list_filter(string_split({missing}, ','), lambda m: m <> '')))"
    return f"(CASE WHEN {missing} = '' THEN '[]' ELSE to_json({names})::VARCHAR END)"


def _json(terms: dict[str, t.Term]) -> str:
    if not terms:
        return "'{}'"
    return "json_object(" + ", ".join(f"{t.quoted(name)}, {plain_text(term)}" for name, term in terms.items()) + ")::VARCHAR"


def make_plan(ordinances: Sequence[Ordinance], measures: Sequence[Measure | Tally], rules: Sequence[Rule]) -> Plan:
    """Compile everything. Raises RulebookError with file:line for the first mistake."""
    measure_items, measure_terms, tallies = compile_measures(measures)
    anchors = tuple(sorted({o.anchor for o in ordinances}))
    plans = tuple(RuleCompiler(rule, measure_terms, tallies, anchors).compile() for rule in sorted(rules, key=lambda r: r.id))
    used = {p.subject for p in plans}
    if used:
        used.add("project")  # whose measures and tallies the others read
    versions = []
    for ordinance in sorted(ordinances, key=lambda o: o.id):
        for begins, ends, values in ordinance.versions():
            row = (
                len(versions),
                ordinance.id,
                ordinance.sha256,
                ordinance.jurisdiction,
                begins,
                ends,
                ordinance.anchor,
                ordinance.verified,
            )
            versions.append((*row, *(sql_value(values.get(c)) for c in CLAUSES)))
    return Plan(
        law_columns=tuple((f"law_{c.name}", c.sql_type) for c in CLAUSES.values()),
        law_versions=tuple(versions),
        anchors=anchors,
        measure_items=tuple(tuple(layer) for layer in measure_items),
        tallies=tuple(tallies),
        rules=plans,
        subjects=tuple(s for s in SUBJECTS if s in used),
        keys={name: s.key for name, s in SUBJECTS.items()},
    )
