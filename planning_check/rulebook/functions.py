"""The functions that an expression may call, in the words of whoever writes one; what they do stands in ``expressions``."""

from __future__ import annotations

from dataclasses import dataclass

from planning_check.errors import Text


@dataclass(frozen=True)
class Says:
    """How a function is ``written``, the kind of what it ``gives``, and what that is."""

    written: str
    gives: str
    text: Text


#: Every function that an expression may call, besides the formulas of the rulebook.
SAYS = {
    "coalesce": Says("coalesce(a, b)", "", Text("第一个已知的值", "the first that is known")),
    "greatest": Says("greatest(a, b)", "", Text("最大的；有一个未知即未知", "the greatest; unknown where one is")),
    "least": Says("least(a, b)", "", Text("最小的；有一个未知即未知", "the least; unknown where one is")),
    "round": Says("round(a, 2)", "number", Text("四舍五入到几位小数", "rounded half up at so many decimals")),
    "round_down": Says("round_down(a, 2)", "number", Text("截到几位小数", "cut off at so many decimals")),
    "abs": Says("abs(a)", "number", Text("绝对值", "the absolute value")),
    "divide": Says("divide(a, b, 2)", "number", Text("商，四舍五入到几位小数；除数为零即未知",
                   "the quotient, rounded half up at so many decimals; unknown where b is zero")),
    "divide_down": Says("divide_down(a, b, 2)", "number", Text("商，截到几位小数", "the quotient, cut off at so many decimals")),
    "add_days": Says("add_days(day, n)", "date", Text("n 天之后", "the day n days later")),
    "add_months": Says("add_months(day, n)", "date", Text("n 个月之后", "the day n months later")),
    "days_between": Says("days_between(first, last)", "number", Text("相差天数；只知月份的即未知",
                         "the days from one to the other; unknown where one is known to the month only")),
    "has_any": Says("has_any(list, list)", "bool", Text("两个列表有无相同的", "whether the lists have one in common")),
    "step": Says("step(steps, a)", "number", Text("所达最高一档的值", "what the highest step reached gives")),
}  # fmt: skip
