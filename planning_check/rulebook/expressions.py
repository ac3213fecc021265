"""One-line expressions of rules: parsed with sqlglot, only a whitelist of nodes passes, compiled to DuckDB SQL.

Allowed: names in scope, numbers, texts, ``date '2009-01-01'``, + - *, comparisons, and/or/not, in, between, is null,
case, coalesce, greatest, least, round, abs, and the functions of :data:`FUNCTIONS`. There is no ``/`` (DuckDB makes it
a float): ``divide`` and ``divide_down`` give exact decimals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from planning_check.rulebook import terms as t
from planning_check.rulebook.functions import SAYS
from planning_check.rulebook.nodes import Item, hint
from planning_check.rulebook.terms import Term, TypeClash


@dataclass(frozen=True)
class Function:
    """A formula of the rulebook, to be written out wherever it is called; it may call only those ``above`` it, so none calls itself."""

    takes: tuple[str, ...]
    text: str
    above: Mapping[str, Function]

    def called(self, name: str, arguments: list[Term], scope: Scope) -> Term:
        if len(arguments) != len(self.takes):
            raise TypeClash(f"{name} 须有 {len(self.takes)} 个参数", f"{name} takes {len(self.takes)} arguments")
        given = dict(zip(self.takes, (t.expect(argument, "number") for argument in arguments), strict=True))
        outside = {key: term for key, term in scope.items() if isinstance(term, Term)}
        try:
            return _Compiler({**outside, **self.above, **given}).walk(parse(self.text))
        except TypeClash as clash:
            raise TypeClash(f"{name} 中：{clash.zh}", f"in {name}: {clash.en}") from None


#: Names, and the rulebook's functions by name and ``()``.
Scope = Mapping[str, Term | Function]

_COMPARISONS = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
_ARITHMETIC = {"Add": "+", "Sub": "-", "Mul": "*"}


def compile_expression(item: Item, scope: Scope, kind: str | None = None, *, decided: bool = False) -> Term:
    """Compile the expression in ``item``; ``kind`` is the type that its place demands. ``decided``: it only says of what class a verdict is
    that stands, so that coalesce passes over a cell that could not be read.

    Raises RulebookError at the item's file:line for anything unparsable, unknown, not allowed or of the wrong type.
    """
    text = item.expression()
    try:
        term = _Compiler(scope, decided=decided).walk(parse(text))
        return t.expect(term, kind) if kind else term
    except TypeClash as clash:
        raise item.fail(f"表达式有误：{clash.zh}", f"in the expression: {clash.en}", fix_zh=f"见：{text}", fix_en=f"see: {text}") from None
    except RecursionError:
        raise item.fail(
            "表达式套叠太深",
            "the expression is nested too deep",
            fix_zh="减少括号，或用 let 分几步写",
            fix_en="use fewer brackets, or write it in steps with let",
        ) from None


def define(item: Item, takes: tuple[str, ...], scope: Scope) -> Function:
    """A function of numbers, tried once where it is defined. Raises RulebookError at the item's file:line;
    an argument that is not used is refused."""
    function = Function(takes, item.expression(), {key: f for key, f in scope.items() if isinstance(f, Function)})
    marks = {name: t.symbol(f"@@{name}", "number", name, scale=2) for name in takes}
    tried = compile_expression(item, {**scope, **marks})
    for name in takes:
        if f"@@{name}" not in tried.names:
            raise item.fail(f"参数 {name} 没有用到", f"argument {name} is not used")
    return function


def compile_margin(item: Item, scope: Scope) -> Term | None:
    """By how much a plain comparison of numbers or days holds (positive: it does); None for any other expression."""
    node = parse(item.expression())
    while type(node).__name__ == "Paren":
        node = node.this
    kind = type(node).__name__
    if kind not in ("LT", "LTE", "GT", "GTE"):
        return None
    left, right = (_Compiler(scope).walk(part) for part in (node.this, node.expression))
    more, less = (left, right) if kind in ("GT", "GTE") else (right, left)
    return t.arithmetic("-", more, less) if more.kind == "number" else _days_between(less, more)


@lru_cache(maxsize=4096)  # more than a rulebook and its layers say; they are compiled more than once, and no tree is ever changed
def parse(text: str) -> Any:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except SqlglotError as error:
        raise TypeClash("写法不成立", f"it cannot be parsed ({str(error).splitlines()[0]})") from None
    if len(trees) != 1 or trees[0] is None:
        raise TypeClash("只能写一个表达式", "exactly one expression is expected")
    if any(node.comments for node in trees[0].walk()) or "--" in text or "/*" in text:
        raise TypeClash("不允许注释", "comments are not allowed in it")
    return trees[0]


class _Compiler:
    def __init__(self, scope: Scope, *, decided: bool = False):
        self.scope, self.decided = scope, decided

    def walk(self, node: Any) -> Term:
        name = type(node).__name__
        if name in _COMPARISONS:
            return t.compare(_COMPARISONS[name], self.walk(node.this), self.walk(node.expression))
        if name in _ARITHMETIC:
            return t.arithmetic(_ARITHMETIC[name], self.walk(node.this), self.walk(node.expression))
        if name in ("And", "Or"):
            return t.connect(name.upper(), self.walk(node.this), self.walk(node.expression))
        method = getattr(self, f"_{name.lower()}", None)
        if method is None:
            raise _refused(node)
        return method(node)

    def _paren(self, node: Any) -> Term:
        return self.walk(node.this)

    def _column(self, node: Any) -> Term:
        parts = [p.name for p in node.parts]
        name = ".".join(parts)
        if name not in self.scope:
            near = hint(name, self.scope)
            raise TypeClash(f"不认识的名称 {name}（相近：{near}）", f"unknown name {name} (near it: {near})")
        term = self.scope[name]
        assert isinstance(term, Term), name  # functions bear () in their names
        return term

    def _literal(self, node: Any) -> Term:
        if node.is_string:
            return Term("text", t.quoted(node.this), literal=node.this)
        if not all(c.isdigit() or c == "." for c in node.this):
            raise TypeClash(f"数字 {node.this} 不能用指数写法", f"the number {node.this} must not use an exponent")
        digits = len(node.this.partition(".")[2])
        return Term("number", node.this if digits else f"{node.this}::DECIMAL(38, 0)", scale=digits, literal=node.this)

    def _neg(self, node: Any) -> Term:
        inner = t.expect(self.walk(node.this), "number")
        return replace(inner, sql=f"(-{inner.sql})", literal=None)

    def _boolean(self, node: Any) -> Term:
        return Term("bool", str(bool(node.this)).lower(), literal=str(node.this).lower())

    def _null(self, _node: Any) -> Term:
        return Term("null", "NULL")

    def _not(self, node: Any) -> Term:
        inner = t.expect(self.walk(node.this), "bool")
        return replace(inner, sql=f"(NOT {inner.sql})", choices=(), literal=None)

    def _is(self, node: Any) -> Term:
        if type(node.expression).__name__ != "Null":
            raise TypeClash("is 之后只能是 null", "only null may follow is")
        return t.is_blank(self.walk(node.this))

    def _between(self, node: Any) -> Term:
        value, low, high = (self.walk(node.args[k]) for k in ("this", "low", "high"))
        return t.connect("AND", t.compare(">=", value, low), t.compare("<=", value, high))

    def _in(self, node: Any) -> Term:
        value = self.walk(node.this)
        if node.args.get("field") is not None:
            return _is_one_of(value, self.walk(node.args["field"]))
        if node.args.get("query") is not None or not node.expressions:
            raise TypeClash("in 之后应为取值列表", "a list of values must follow in")
        members = [self.walk(e) for e in node.expressions]
        if len(members) == 1 and members[0].kind == "list":
            return _is_one_of(value, members[0])
        equal = [t.compare("=", value, member) for member in members]
        sought, *listed = t.alike([value, *members])
        if value.kind == "date":
            raise TypeClash("日期不能用 in", "dates cannot be used with in")
        return Term("bool", f"({sought} IN ({', '.join(listed)}))", missing=value.missing, names=t.join_names(equal))

    def _case(self, node: Any) -> Term:
        subject = node.args.get("this")
        whens = []
        for branch in node.args["ifs"]:
            condition = self.walk(branch.this)
            if subject is not None:
                condition = t.compare("=", self.walk(subject), condition)
            whens.append((condition, self.walk(branch.args["true"])))
        default = node.args.get("default")
        return t.choose(whens, self.walk(default) if default is not None else None)

    def _coalesce(self, node: Any) -> Term:
        terms = [self.walk(node.this), *(self.walk(e) for e in node.expressions)]
        return t.first_known([replace(term, not_read="") for term in terms] if self.decided else terms)

    def _greatest(self, node: Any) -> Term:
        return t.extreme("greatest", [self.walk(node.this), *(self.walk(e) for e in node.expressions)])

    def _least(self, node: Any) -> Term:
        return t.extreme("least", [self.walk(node.this), *(self.walk(e) for e in node.expressions)])

    def _round(self, node: Any) -> Term:
        value = t.expect(self.walk(node.this), "number")
        digits = _whole(self.walk(node.args["decimals"]) if node.args.get("decimals") else Term("number", "0", literal="0"))
        return t.compute("number", f"round({t.wide(value)}, {digits})", [value], scale=min(digits, value.scale))

    def _abs(self, node: Any) -> Term:
        value = t.expect(self.walk(node.this), "number")
        return replace(value, sql=f"abs({value.sql})", literal=None)

    def _cast(self, node: Any) -> Term:
        literal = node.this
        if str(node.to) != "DATE" or type(literal).__name__ != "Literal" or not literal.is_string:
            raise TypeClash("只允许 date '2009-01-01' 这样的日期", "only dates such as date '2009-01-01' may be cast")
        try:
            dt.date.fromisoformat(literal.this)
        except ValueError:
            raise TypeClash(f"没有这一天：{literal.this}", f"no such day: {literal.this}") from None
        return Term("date", f"DATE '{literal.this}'", f"DATE '{literal.this}'", literal=literal.this)

    def _addmonths(self, node: Any) -> Term:
        return _shift(self.walk(node.this), self.walk(node.expression), "months")

    def _anonymous(self, node: Any) -> Term:
        name = node.name.lower()
        own = self.scope.get(f"{name}()")
        if isinstance(own, Function):
            return own.called(name, [self.walk(e) for e in node.expressions], self.scope)
        function = FUNCTIONS.get(name)
        if function is None:
            near = hint(name, [*FUNCTIONS, *(key.removesuffix("()") for key, term in self.scope.items() if isinstance(term, Function))])
            raise TypeClash(f"不允许的函数 {node.name}（可用：{near}）", f"function {node.name} is not allowed (known: {near})")
        arguments = [self.walk(e) for e in node.expressions]
        try:
            return function(*arguments)
        except TypeError:
            raise TypeClash(f"{node.name} 的参数个数不对", f"wrong number of arguments for {node.name}") from None


def _refused(node: Any) -> TypeClash:
    """What the whitelist does not take: a function by its name, anything else as written."""
    import sqlglot.expressions as exp

    if isinstance(node, exp.Func):
        name = node.sql_name().lower()
        known = ", ".join(sorted(SAYS))
        return TypeClash(f"不允许的函数 {name}（可用：{known}）", f"function {name} is not allowed (known: {known})")
    written = node.sql(dialect="duckdb")[:60]
    return TypeClash(f"不允许使用 {written}", f"not allowed here: {written}")


def _is_one_of(value: Term, listed: Term) -> Term:
    t.expect(value, "text")
    t.expect(listed, "list")
    sql = f"(CASE WHEN {value.sql} IS NULL OR {listed.sql} IS NULL THEN NULL ELSE list_contains({listed.sql}, {value.sql}) END)"
    return t.compute("bool", sql, [value, listed])


def _whole(term: Term) -> int:
    if term.literal is None or not term.literal.isdigit() or int(term.literal) > 6:
        raise TypeClash("小数位数须为 0 到 6 的整数", "the number of decimals must be a whole number from 0 to 6")
    return int(term.literal)


def _divide(top: Term, bottom: Term, decimals: Term, *, half_up: bool) -> Term:
    """Exact quotient on integers: cut off, or rounded half up, at ``decimals``; unknown where the divisor is zero."""
    digits = _whole(decimals)
    up = max(top.scale, bottom.scale)
    numerator = f"(CAST(abs({t.expect(top, 'number').sql}) * {10**up} AS HUGEINT) * {10**digits})"
    denominator = f"CAST(abs({t.expect(bottom, 'number').sql}) * {10**up} AS HUGEINT)"
    whole = f"((2 * {numerator} + {denominator}) // (2 * {denominator}))" if half_up else f"({numerator} // {denominator})"
    sign = f"(CASE WHEN ({top.sql} < 0) <> ({bottom.sql} < 0) THEN -1 ELSE 1 END)"
    exact = f"CAST({sign} * {whole} AS DECIMAL(38, 0))"
    if digits:
        exact += f" * CAST({1 / 10**digits:.{digits}f} AS DECIMAL(38, {digits}))"
    return t.compute("number", f"TRY(CASE WHEN {bottom.sql} <> 0 THEN {exact} END)", [top, bottom], scale=digits)


def _shift(day: Term, amount: Term, unit: str) -> Term:
    t.expect(day, "date")
    if t.expect(amount, "number").scale not in (0, 6):
        raise TypeClash("天数、月数须为整数", "days and months must be whole numbers")

    def moved(sql: str) -> str:
        return f"CAST({sql} + to_{unit}(CAST({amount.sql} AS INTEGER)) AS DATE)"

    return t.compute("date", moved(day.sql), [day, amount], hi=moved(day.hi))


def _days_between(first: Term, last: Term) -> Term:
    pair = [t.expect(first, "date"), t.expect(last, "date")]
    exact = f"{first.sql} = {first.hi} AND {last.sql} = {last.hi}"
    return t.compute("number", f"(CASE WHEN {exact} THEN date_diff('day', {first.sql}, {last.sql}) END)", pair)


def _has_any(values: Term, wanted: Term) -> Term:
    """Whether one of the values is wanted; where every value that there can be is, it does not matter which."""
    pair = [t.expect(values, "list"), t.expect(wanted, "list")]
    nulls = " OR ".join(f"{x.sql} IS NULL" for x in pair)
    listed = ", ".join(f"'{code}'" for code in values.choices)
    every = f"WHEN list_has_all({wanted.sql}, [{listed}]) THEN true " if listed else ""
    return t.compute("bool", f"(CASE {every}WHEN {nulls} THEN NULL ELSE list_has_any({values.sql}, {wanted.sql}) END)", pair)


def _round_down(value: Term, decimals: Term) -> Term:
    """Cut off, towards zero."""
    return _divide(value, Term("number", "1::DECIMAL(38, 0)", literal="1"), decimals, half_up=False)


def _step(steps: Term, amount: Term) -> Term:
    """The value of the highest step that ``amount`` reaches; unknown below the lowest."""
    t.expect(steps, "steps")
    t.expect(amount, "number")
    sql = f"(list_filter({steps.sql}, lambda s: s.at_least <= {t.wide(amount)})[-1]).gives"
    return t.compute("number", sql, [steps, amount], scale=6)


FUNCTIONS: dict[str, Callable[..., Term]] = {
    "divide": lambda top, bottom, decimals: _divide(top, bottom, decimals, half_up=True),
    "round_down": _round_down,
    "divide_down": lambda top, bottom, decimals: _divide(top, bottom, decimals, half_up=False),
    "add_days": lambda day, days: _shift(day, days, "days"),
    "add_months": lambda day, months: _shift(day, months, "months"),
    "days_between": _days_between,
    "has_any": _has_any,
    "step": _step,
}
