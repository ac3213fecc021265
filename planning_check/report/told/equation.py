"""The amounts of a finding as one line of arithmetic, each number with the cells or the law that it is from:
``39,407.87 × 1 % - 308.00 = 86.08 ㎡ × 2,680.00 = 230,694.40``.

The formulas of the rule are put into each other as far as they add, subtract, multiply and round; of the greatest of some the one that it
was stays. What is otherwise worked out stands as its value. A step that would not come out by the numbers shown, to half a cent, is not
put in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from planning_check.errors import Text
from planning_check.report.told.arithmetic import rests_on, value_of
from planning_check.report.told.clauses import NO_CITE
from planning_check.report.told.explaining import Explanation, Origin, Step, values_of
from planning_check.report.told.facts import find_fact, with_unit
from planning_check.report.told.formula import Node, NotRead, Values, read
from planning_check.report.told.numbers import number

#: The amounts of a finding, in the order in which they follow from each other.
AMOUNTS = ("area_m2", "yuan_min", "yuan")
#: Signs that every code page of a terminal in these languages has.
_SIGNS = {"+": "+", "-": "-", "*": "×", "/": "÷"}
_HALF_A_CENT = Decimal("0.005")
_ZERO = Decimal(0)
_RESULTS = {"area_m2": Text("面积", "area"), "yuan_min": Text("最低金额", "lowest amount"), "yuan": Text("金额", "amount")}
#: What a number on the way is called that the rule gives no name.
BETWEEN = Text("中间结果", "intermediate result")
_UNITS = {"area_m2": "m2", "yuan_min": "yuan", "yuan": "yuan"}


@dataclass(frozen=True)
class Number:
    """One number: what it is called, its value as recorded and its unit; ``is_share``: shown in per cent. From the cells in ``origins``,
    from the place in the law in ``cite``, or worked out by ``formula``, as the rule writes it with values for names; a number that
    stands in the rule itself has none of them."""

    label: Text
    value: str
    unit: str = ""
    origins: tuple[Origin, ...] = ()
    cite: Text = NO_CITE
    formula: str = ""
    is_share: bool = False

    def shown(self, lang: str, *, unit: bool = False) -> str:
        """The number as people read it."""
        if self.is_share:
            return f"{number((Decimal(self.value) * 100).normalize() + _ZERO)} %"
        return with_unit(self.value, self.unit if unit else "", lang)


#: What stands in an equation: numbers, and signs and brackets between them; ``=`` before each result.
Term = Number | str


def equations(told: Explanation) -> tuple[tuple[Term, ...], ...]:
    """A line for each amount of the finding that is more than one number taken over; money that is the area at a price goes on in the line
    of the area. Empty where the finding has no amount or nothing is worked out."""
    if told.finding is None or told.record is None:
        return ()
    sheet = _Sheet(told)
    lines: list[tuple[Term, ...]] = []
    area: tuple[str, ...] = ()
    for amount in AMOUNTS:
        formula, value = told.record["amounts"].get(amount), told.finding[amount]  # type: ignore[literal-required]
        if formula is None or value is None:
            continue
        result = Number(_RESULTS[amount], str(value), _UNITS[amount])
        if lines and area and (price := sheet.times(formula, area[0])):
            lines[-1] = (*lines[-1], "×", price, "=", result)
            continue
        line = sheet.line(formula, value)
        if line is not None and len(line) > 1 and (*line, "=", result) not in lines:
            lines.append((*line, "=", result))
        if amount == "area_m2":
            area = (formula.strip(),) if lines else ()
    return tuple(lines)


def shown(line: Sequence[Term], lang: str) -> list[str]:
    """Each term as people read it; a result with its unit."""
    return [
        term if isinstance(term, str) else term.shown(lang, unit=place > 0 and line[place - 1] == "=") for place, term in enumerate(line)
    ]


class _Sheet:
    """The steps, facts and clauses of one finding, by name."""

    def __init__(self, told: Explanation) -> None:
        self.steps = {step.name: step for step in told.steps}
        self.facts = {fact.name: fact for fact in told.facts}
        self.law = {clause.name: clause for clause in told.law}
        self.subject = told.subject
        self.parameters = {f"param.{one['name']}": one for one in (told.record or {}).get("parameters", ())}
        self.amounts = {formula: _RESULTS[amount] for amount, formula in (told.record or {}).get("amounts", {}).items()}
        self.values: Values = values_of(told.finding, told.as_of) if told.finding else {}

    def line(self, formula: str, value: Decimal) -> tuple[Term, ...] | None:
        node = self._opened_text(formula, value)
        return tuple(self._terms(node)) if node else None

    def times(self, formula: str, area: str) -> Number | None:
        """What ``area`` is multiplied with in the formula; None where it is no product of it and one number."""
        node = self._named(formula)
        while node is not None and node.kind == "word" and (step := self._step(node.parts[0])):
            node = self._named(step.applied)
        if node is not None and node.kind == "call" and node.parts[0].lower() == "round":
            node = node.parts[1][0]
        if node is None or node.kind != "op" or node.parts[0] != "*":
            return None
        factors = [part.parts[0] for part in node.parts[1:] if part.kind == "word"]
        if len(factors) < 2 or area not in factors:
            return None
        other = next((name for name in factors if name != area), area)
        return self._number(other) if isinstance(value_of(Node("word", (other,)), self.values), Decimal) else None

    def _named(self, formula: str) -> Node | None:
        try:
            return read(formula)
        except NotRead:
            return None

    def _step(self, name: str) -> Step | None:
        return self.steps.get(name) or self.steps.get(name.removeprefix("project."))

    def _opened_text(self, formula: str, value: Decimal) -> Node | None:
        """The formula with what it names put in, as far as it comes out; None if it cannot be shown."""
        node = self._named(formula)
        for is_deep in (True, False):
            opened = self._opened(node, is_deep) if node else None
            worth = value_of(opened, self.values) if opened else None
            if isinstance(worth, Decimal) and abs(worth - value) <= _HALF_A_CENT:
                return opened
        return None

    def _opened(self, node: Node, is_deep: bool) -> Node | None:
        if node.kind == "paren":
            return self._opened(node.parts[0], is_deep)
        if node.kind == "op" and node.parts[0] in _SIGNS:
            sign, left, right = node.parts
            return self._joined(sign, left, right, is_deep)
        worth = value_of(node, self.values)
        if not isinstance(worth, Decimal):
            return None
        if node.kind == "call":
            return self._called(node.parts[0].lower(), node.parts[1], worth, is_deep)
        return self._followed(node, worth, is_deep) if node.kind == "word" else None

    def _followed(self, node: Node, worth: Decimal, is_deep: bool) -> Node:
        """A name: what it is another name of, what it is made of, or itself."""
        step = self._step(node.parts[0])
        formula = self._named(step.applied) if step else None
        same = self._opened(formula, False) if formula else None
        if same is not None and same.kind == "word":
            return self._opened(same, is_deep) or node
        return (self._opened_text(step.applied, worth) if step and is_deep else None) or node

    def _joined(self, sign: str, left: Node, right: Node, is_deep: bool) -> Node | None:
        one, other = self._opened(left, is_deep), self._opened(right, is_deep)
        if one is None or other is None:
            return None
        if sign == "*" and one.kind == "word" and self._is_share(one.parts[0]):
            return Node("op", (sign, other, one))
        if sign in ("*", "/") or not is_deep:
            return Node("op", (sign, one, other))
        if value_of(other, self.values) == _ZERO:
            return one
        return other if sign == "+" and value_of(one, self.values) == _ZERO else Node("op", (sign, one, other))

    def _is_share(self, name: str) -> bool:
        clause = self.law.get(name)
        return clause is not None and clause.unit == "1" and name.endswith("share")

    def _called(self, name: str, arguments: tuple[Node, ...], worth: Decimal, is_deep: bool) -> Node | None:
        if name in ("round", "round_down"):
            return self._opened(arguments[0], is_deep)
        if name in ("divide", "divide_down"):
            return self._joined("/", arguments[0], arguments[1], False)  # a share of something: what it is made of stands in other lines
        if name in ("greatest", "least", "coalesce"):
            chosen = [one for one in arguments if value_of(one, self.values) == worth]
            opened = (self._opened(one, is_deep) for one in chosen)
            return next((one for one in opened if one is not None), None)
        return None

    def _terms(self, node: Node, above: int = 0) -> Iterator[Term]:
        if node.kind == "word":
            yield self._number(node.parts[0])
            return
        sign, left, right = node.parts
        binds = 2 if sign in ("*", "/") else 1
        if binds < above:
            yield "("
        yield from self._terms(left, binds)
        yield _SIGNS[sign]
        yield from self._terms(right, binds + (sign in ("-", "/")))
        if binds < above:
            yield ")"

    def _number(self, name: str) -> Number:
        if clause := self.law.get(name):
            is_share = self._is_share(name)
            return Number(clause.label, str(clause.value), clause.unit, cite=clause.cite, is_share=is_share)
        if step := self._step(name):
            rests = [self.facts[other] for other in sorted(rests_on(step.formula, self.values)) if other in self.facts]
            origins = tuple(dict.fromkeys(origin for fact in rests for origin in fact.origins))
            return Number(
                step.label or self.amounts.get(name, BETWEEN),
                step.value or "",
                step.unit,
                origins,
                formula=f"{step.applied} = {step.put_in}",
            )
        fact = self.facts.get(name) or self.facts.get(name.removeprefix("project.")) or self.facts.get(f"project.{name}")
        if fact:
            known = find_fact(self.subject, fact.name)
            return Number(fact.label, fact.value or "", known.unit if known else "m2" if name.endswith("_m2") else "", fact.origins)
        if parameter := self.parameters.get(name):
            called = Text(f"规则参数 {parameter['name']}", f"parameter {parameter['name']} of the rule")
            note = parameter["note"] or ""
            return Number(called, str(parameter["value"]), parameter["unit"], cite=Text(note, note))
        return Number(Text("规则中的数", "number of the rule"), name)
