"""The findings query of a rule: who, how much, the texts with numbers put in, the evidence and the rows that it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planning_check import following
from planning_check.assess import UNCLEAR_LIVES
from planning_check.errors import Text
from planning_check.facts.dictionary import PROJECT, Fact, Subject, cell_owner
from planning_check.rulebook import terms as t
from planning_check.rulebook.expressions import compile_expression
from planning_check.rulebook.messages import compile_template, plain_text
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.rules import Rule
from planning_check.schema import BY_NAME, Choice
from planning_check.sql import quoted

#: A project's life in which it owes nothing by itself -> why, in the order of ``ENDED_STATES``.
ENDED = (
    Text("项目已撤销，自该日起不负义务", "the project was cancelled and owes nothing from that day on"),
    Text("项目已并入其他项目，义务由承继项目承担", "the project went into another, which carries the duty on"),
    Text("项目已分立，义务由承继项目承担", "the project was split into others, which carry the duty on"),
)
BY_CONTRACT = (
    Text(
        "（项目早于办法，义务来自出让合同或规划条件，配建多少从其约定）",
        " (the project is older than the ordinance: the duty and its amount are those of its land contract or planning conditions)",
    ),
    Text(
        "（项目早于办法，义务来自出让合同或规划条件；其中没有写配建多少，按现行办法 ",
        " (the project is older than the ordinance: the duty is that of its land contract or planning conditions, "
        "which do not say how much; the share is from the ordinance now in force, ",
    ),
)


@dataclass(frozen=True)
class FindingQuery:
    """What the query of one rule is made of. ``names``: all that its expressions and texts use; ``guarded``: it reads the law."""

    rule: Rule
    subject: Subject
    scope: dict[str, t.Term]
    choices: dict[str, tuple[Choice, ...]]
    anchors: list[str]
    names: frozenset[str]
    guarded: bool
    reasons: list[Text]
    shown: Sequence[str]
    owners: dict[str, str]  # of measures that are no facts: who owns what they come from

    def line_sql(self) -> str:
        """The query of the findings themselves, with what only the rule can say of them; the rest is joined to all rules' lines at once."""
        rule = self.rule
        lawful = self.guarded or rule.judges_law
        columns = [
            f"'{rule.id}' AS rule_id, CAST({self.subject.key} AS VARCHAR) AS subject_key",
            "project_id" if "project_id" in self.subject.facts else "NULL::VARCHAR AS project_id",
            f"{rule.id}__outcome AS outcome, {self._severity()} AS severity",
            *(c if lawful else f"NULL::VARCHAR AS {c}" for c in ("law_state", "ordinance_id", "ordinance_sha256")),
            f"{self._when_violated(f'{rule.id}__status') if rule.status else 'NULL::VARCHAR'} AS status",
            *(f"{self.amount_sql(a)} AS {a}" for a in ("area_m2", "yuan", "yuan_min")),
            *(f"{self._remedy_sql(a)} AS remedy_{a}" for a in ("hand_over_m2", "pay_yuan")),
            f"{rule.id}__missing AS lacks",
            *(f"{self._not_applicable(lang)} AS unmet_{lang}" for lang in ("zh", "en")),
        ]
        listed = ", ".join(f"'{o}'" for o in self.shown)
        return f"SELECT {', '.join(columns)} FROM judged_{rule.subject} WHERE {rule.id}__outcome IN ({listed})"

    def classes(self) -> tuple[tuple[str, str, str], ...]:
        """The classes of its violations, and the words for each in both languages."""
        values = self.rule.status.values if self.rule.status else {}
        return tuple((code, label.zh, label.en) for code, label in values.items())

    def lacking(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """What may be missing -> the bureau that owns it, and the tables that it is read from."""
        tables = {name: tuple(sorted({read.split(".")[0] for read in fact.reads})) for name, fact in self._facts().items()}
        owners = {name: owner for owner, names in self._owners().items() for name in names}
        told = {name: tuple(table for table in of if self._holed or table in self._of_community) for name, of in tables.items()}
        return {name: (owners.get(name, ""), told.get(name, ())) for name in sorted(owners.keys() | tables.keys())}

    def told_sql(self) -> str:
        """The query of what people read of a finding, by the subject's key: texts, facts, law, numbers, other readings,
        rows of the delivery.

        It reads only ``told_<subject>``, ``robustness`` and ``doubt``, which a run keeps: what is read later is what was judged.
        """
        rule, names = self.rule, self.names
        shown = {n: self.scope[n] for n in sorted(names) if n in self.scope}
        facts = {n: term for n, term in shown.items() if not n.startswith(("law.", "param."))}
        numbers = {n[1:]: self._number(n[1:]) for n in sorted(names) if n.startswith("@")}
        numbers |= {n: self.scope[n] for n in sorted(names) if n.startswith("param.")}
        law = f"coalesce(law_text_{rule.id}, '{{}}')" if any(n.startswith("law.") for n in names) else "'{}'"
        columns = [
            "told_key AS subject_key",
            "r_alternatives AS alternatives" if rule.alternatives else "NULL::VARCHAR AS alternatives",
            *self._text_columns(),
            *self._exemptions(),
            f"{_json(facts)} AS facts, {law} AS law, {_json(numbers)} AS numbers",
            f"{self._sources()} AS sources",
        ]
        read = f"SELECT project_id AS r_key, alternatives AS r_alternatives FROM robustness WHERE rule_id = '{rule.id}'"
        joined = f" LEFT JOIN ({read}) ON r_key = project_id" if rule.alternatives else ""
        return f"SELECT {', '.join(columns)} FROM told_{rule.subject}{self._doubted()}{joined}"

    def _doubted(self) -> str:
        """SQL: what the finding rests on that may not be whole, joined."""
        doubt = f"SELECT subject_key AS d_key, zh AS d_zh, en AS d_en FROM doubt WHERE rule_id = '{self.rule.id}'"
        return f" LEFT JOIN ({doubt}) ON d_key = CAST({self.subject.key} AS VARCHAR)"

    def law_text(self) -> str:
        """SQL over a law version: the clauses that the rule reads, as JSON."""
        return _json({n[4:]: self.scope[n] for n in sorted(self.names) if n.startswith("law.") and n in self.scope})

    def _sources(self) -> str:
        """SQL: the rows that the facts used came from, as JSON {table: [row_id]}."""
        parts = ", ".join(f"'\"{table}\":' || rows_{table}" for table in self._tables())
        return f"'{{' || concat_ws(',', {parts}) || '}}'" if parts else "'{}'"

    def _number(self, name: str) -> t.Term:
        return self.scope[name] if name in self.scope else self.scope[f"project.{name}"]

    def _when_violated(self, sql: str, null: str = "NULL") -> str:
        return f"(CASE WHEN {self.rule.id}__outcome = 'violation' THEN {sql} ELSE {null} END)"

    def _severity(self) -> str:
        lowered = self.rule.status.severities if self.rule.status else {}
        column = f"{self.rule.id}__severity"
        whens = [f"WHEN {column} IS NOT NULL THEN {column}"] if self.rule.severity_when else []
        whens += [f"WHEN {self.rule.id}__status = '{code}' THEN '{severity}'" for code, severity in lowered.items()]
        return f"(CASE {' '.join(whens)} ELSE '{self.rule.severity}' END)" if whens else f"'{self.rule.severity}'"

    def _remedy_sql(self, name: str) -> str:
        return self._amount(self.rule.remedy.amounts.get(name))

    def amount_sql(self, amount: str) -> str:
        """SQL: an amount of a violation (``area_m2``, ``yuan``, ``yuan_min``), NULL for any other outcome."""
        return self._amount(self.rule.amounts.get(amount))

    def _amount(self, item: Item | None) -> str:
        if item is None:
            return "NULL::DECIMAL(18, 2)"
        return self._when_violated(f"TRY_CAST({compile_expression(item, self.scope, 'number').sql} AS DECIMAL(18, 2))")

    def _not_applicable(self, lang: str) -> str:
        """Why a rule does not apply, where that is to be shown; why one is exempt is told with what it is told from."""
        if "not_applicable" not in self.shown:
            return "NULL::VARCHAR"
        unmet = " ".join(f"WHEN {n} THEN {self._reason(reason, lang)}" for n, reason in enumerate(self.reasons))
        return f"CASE WHEN {self.rule.id}__outcome = 'not_applicable' THEN CASE {self.rule.id}__reason {unmet} END END"

    def _text_columns(self) -> list[str]:
        columns = []
        for lang in ("zh", "en"):
            for key in ("message", "cure"):
                text = compile_template(self.rule.item.need(key), self.scope, self.choices, lang)[0] + self._bound_by(key, lang)
                if key == "message":
                    text = f"concat({text}, {quoted(Text('。', '. ').get(lang))} || d_{lang})"
                columns.append(f"{self._when_violated(text)} AS {key}_{lang}")
        return columns

    def _exemptions(self) -> list[str]:
        """Why a finding is exempt: by which decision, of which day, over what."""
        if not self.rule.exempt_reason:
            return ["NULL::VARCHAR AS exempt_zh, NULL::VARCHAR AS exempt_en"]
        texts = {lang: compile_template(self.rule.item.need("exempt_reason"), self.scope, self.choices, lang)[0] for lang in ("zh", "en")}
        return [f"CASE {self.rule.id}__outcome WHEN 'exempt' THEN {text} END AS exempt_{lang}" for lang, text in texts.items()]

    @property
    def _of_project(self) -> str:
        return "" if self.rule.subject == "project" else "project__"

    def _reason(self, reason: Text, lang: str) -> str:
        """SQL: why a rule does not apply; of a project that has ended, since when and by which document."""
        if reason not in ENDED or self.subject.law_by != "project":
            return quoted(reason.get(lang))
        words = {"zh": ("（状态日期 ", "，文号 ", "未报", "）"), "en": (" (since ", ", document no. ", "not reported", ")")}[lang]
        opened, joined, unknown, closed = map(quoted, words)
        day, number = f"{self._of_project}project_status_on_lo", f"{self._of_project}status_document_no"
        return (
            f"{quoted(reason.get(lang))} || {opened} || coalesce(CAST({day} AS VARCHAR), {unknown}) || {joined} "
            f"|| coalesce({number}, {unknown}) || {closed}"
        )

    @property
    def _holed(self) -> bool:
        return "project_id" in self.subject.facts

    @property
    def _of_community(self) -> set[str]:
        """The own tables whose rows set aside are told with what they leave open of a community."""
        return {table.name for table in following.current() if "community" in table.belongs}

    def _facts(self) -> dict[str, Fact]:
        """The facts that the rule uses, by the names it gives them."""
        found = {}
        for name in self.names:
            subject, _, fact = name.rpartition(".")
            facts = PROJECT.facts if subject == "project" else self.subject.facts if not subject else {}
            if fact in facts:
                found[name] = facts[fact]
        return found

    def _bound_by(self, key: str, lang: str) -> str:
        """SQL to put behind a message: that the duty is that of a contract, and where its amount is from."""
        if key != "message" or not self.guarded or self.subject.law_by != "project":
            return ""
        stated = " OR ".join(f"{self._of_project}{fact} IS NOT NULL" for fact in ("conditions_percent", "conditions_area_m2"))
        own, taken = (quoted(text.get(lang)) for text in BY_CONTRACT)
        closed = quoted(Text("）", ")").get(lang))
        amount = f"CASE WHEN {stated} THEN {own} ELSE {taken} || coalesce(ordinance_id, '') || {closed} END"
        return f" || CASE WHEN law_state = 'contract' THEN {amount} ELSE '' END"

    def _owners(self) -> dict[str, list[str]]:
        """Bureau -> the facts of it that may be missing."""
        owners: dict[str, list[str]] = {"ordinance": ["law"]}
        lives = {f"{self._of_project.replace('__', '.')}{fact}" for fact in (*UNCLEAR_LIVES.values(), "conditions_percent")}
        for name in sorted(self.names | {"project_id", *self.anchors, *lives}):
            subject, _, fact = name.rpartition(".")
            facts = PROJECT.facts if subject in ("project", "phases") else self.subject.facts
            if name.startswith("law"):
                owners["ordinance"].append(name)
            elif subject in BY_NAME:
                owners.setdefault(cell_owner(subject, fact), []).append(name)
            elif fact in facts:
                owners.setdefault(facts[fact].owner, []).append(name)
            elif name in self.owners:
                owners.setdefault(self.owners[name], []).append(name)
        return owners

    def reads(self) -> tuple[str, ...]:
        """The tables that the facts used were measured from; sums over rooms and projects come from rooms and what was handed over."""
        read = {"premises", "handovers"} if self.names & self.owners.keys() else set()
        read |= {r.split(".")[0] for fact in self._facts().values() for r in fact.reads}
        read |= {name.split(".")[0] for name in self.names} & BY_NAME.keys()
        return tuple(sorted(read))

    def _tables(self) -> tuple[str, ...]:
        """The tables whose rows are the evidence."""
        return tuple(table for table in self.reads() if table in self.subject.rows)


def _json(terms: dict[str, t.Term]) -> str:
    if not terms:
        return "'{}'"
    return "json_object(" + ", ".join(f"{quoted(name)}, {plain_text(term)}" for name, term in terms.items()) + ")::VARCHAR"
