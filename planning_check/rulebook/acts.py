"""The act of a bureau that a rule watches, compiled: the day or the year that it goes by, and the column that holds its year."""

from __future__ import annotations

from collections.abc import Iterable

from planning_check.rulebook.expressions import Scope, compile_expression
from planning_check.rulebook.rules import Rule
from planning_check.rulebook.terms import Term


def act_time(rule: Rule, scope: Scope) -> Term | None:
    """The day of the act, or its year as a whole number. It is a name: what a run keeps of a finding are its facts and numbers, and the
    year of one is read from them.

    Raises RulebookError at its line for what is neither.
    """
    if rule.act is None:
        return None
    item = rule.act.on
    term = compile_expression(item, scope)
    if item.expression() not in scope:
        raise item.fail(
            "act 的 on 要写一个日期或年度的名称，不写算式", "on of an act is the name of a day or a year, no expression",
            fix_zh="先用 let 起名，再写名称", fix_en="give it a name by let first",
        )  # fmt: skip
    if term.kind != "date" and not (term.kind == "number" and term.scale == 0):
        raise item.fail(f"{item.expression()} 不是日期，也不是年度", f"{item.expression()} is neither a day nor a year")
    return term


def act_year(rule_id: str, when: Term, conditions: Iterable[Term]) -> str:
    """The year of the act as a select item: 0 where it is not known, NULL where one of the conditions surely does not hold: there is no
    such act then, whatever else is unknown."""
    none = " OR ".join(f"coalesce(NOT {term.sql}, false)" for term in conditions) or "false"
    year = f"CASE WHEN year({when.sql}) = year({when.hi}) THEN year({when.sql}) END" if when.kind == "date" else when.sql
    return f"TRY_CAST(CASE WHEN NOT ({none}) THEN coalesce({year}, 0) END AS SMALLINT) AS {rule_id}__act"
