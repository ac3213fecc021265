"""A run in one sentence, and the lines of its lists in few words: the same on every screen and paper."""

from __future__ import annotations

from collections.abc import Sequence

from planning_check.errors import Text
from planning_check.report.told.numbers import counted, number
from planning_check.report.told.standing import stood_short
from planning_check.report.told.summary import ListLine, ListSummary, Summary
from planning_check.words import LISTS, ROBUSTNESS

#: The lists that the joint meeting acts on.
MAIN = ("violations", "deposits", "offices")
#: What the amounts of a main list are: the fields of a line (two for the lowest and the highest), their head, and whether they are money.
AMOUNTS: dict[str, tuple[tuple[tuple[str, ...], Text, bool], ...]] = {
    "violations": ((("area_m2",), Text("缺 ㎡", "missing ㎡"), False), (("yuan",), Text("折资", "in lieu"), True)),
    "deposits": (
        (("area_m2",), Text("缺 ㎡", "missing ㎡"), False), (("yuan_min", "yuan"), Text("最低 - 最高", "lowest - highest"), True)
    ),
    "offices": ((("area_m2",), Text("现用 ㎡", "in use ㎡"), False),),
}  # fmt: skip
#: What is said of a main list that has no line, where everything was judged and where it was not.
_NONE = {
    "violations": (Text("没有开发项目违规", "no development in violation"), Text("没有查出开发项目违规", "no development was found in violation")),
    "deposits": (Text("没有可提请没收的保证金", "no deposit to forfeit"), Text("没有查出可提请没收的保证金", "no deposit to forfeit was found")),
    "offices": (Text("没有未解决的租借办公用房", "no rented or borrowed office unresolved"),
                Text("没有查出未解决的租借办公用房", "no unresolved rented or borrowed office was found")),
}  # fmt: skip


def verdict(summary: Summary) -> Text:
    """One sentence in plain words; what was not looked at, or could not be judged, is not called clean."""
    said = [_said(summary.of(code)) for code in MAIN]
    en = "; ".join(text.en for text in said)
    return Text("；".join(text.zh for text in said) + "。", en[:1].upper() + en[1:] + ".")


def _found(one: ListSummary) -> Text:
    """What the lines of a list are. Whoever gave the premises and did not file them, say, is not told to lack any."""
    n = one.accused.lines
    if one.code == "deposits":
        return Text(f"{number(n)} 笔保证金可提请没收", f"{counted(n, 'deposit')} open to forfeiture")
    if one.code == "offices":
        return Text(f"{number(n)} 处租用、借用的社区办公用房还没有着落", f"{counted(n, 'rented or borrowed office')} unresolved")
    short = one.accused.with_area
    others = n - short
    if not short:
        return Text(f"{number(n)} 个开发项目违规", f"{counted(n, 'development')} in violation")
    zh, en = f"，另有 {number(others)} 个有别的违规", f", {number(others)} in violation otherwise"
    return Text(
        f"{number(short)} 个开发项目缺社区用房{zh if others else ''}",
        f"{counted(short, 'development')} short of community premises{en if others else ''}",
    )


def _said(one: ListSummary) -> Text:
    """One list of the verdict."""
    if one.accused.lines:
        return _found(one)
    none, none_found = _NONE[one.code]
    if one.dismissed.lines:
        told = number(one.dismissed.lines)
        return Text(
            f"{none_found.zh}：查出的 {told} 行会议都不予认定", f"{none_found.en}: what was found ({told}) was dismissed by the meeting"
        )
    name, rest = LISTS[one.code], one.open.rest()
    said_en = name.en[:1].lower() + name.en[1:]
    if not one.open.held:
        return Text(f"“{name.zh}”未检查，没有交来这类记录", f"{said_en}: not checked, no such records were delivered")
    if one.open.is_whole:
        return none
    if not one.open.judged:  # "none was found" would be no answer
        return Text(f"“{name.zh}”有 {rest.zh}", f"{said_en}: {rest.en}")
    but = rest.zh.removeprefix("另")
    return Text(f"{none_found.zh}，但{' ' * but[:1].isdigit()}{but}", f"{none_found.en}, but {rest.en}")


def is_marginal(severity: str, of_rule: str | None) -> bool:
    """Whether a finding of this severity is a small matter of a rule whose matters are grave."""
    return severity == "minor" and of_rule in ("critical", "major")


def at_stage(code: str, line: ListLine) -> Text:
    """Where a line of the list ``code`` stands: of a violation the stage of its story, else the class of a deposit or the path of an
    office."""
    if code == "violations" and line.stage.zh:
        return line.stage
    classes = list(dict.fromkeys(line.statuses))
    return Text("、".join(text.zh for text in classes), ", ".join(text.en for text in classes))


def marks(line: ListLine) -> Text:
    """What to know before acting on a line: marginal, not sure under another reading, what was decided."""
    found: list[Text] = [Text("微差", "marginal")] if line.is_marginal else []
    if line.robustness == "fragile":
        found.append(ROBUSTNESS["fragile"])
    if (stood := stood_short(line.stands)).zh:
        found.append(stood)
    return _joined(found)


def _joined(parts: Sequence[Text]) -> Text:
    return Text("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))
