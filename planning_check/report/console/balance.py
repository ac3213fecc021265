"""The balance of obligations laid out for a console, and as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from planning_check.cases import STATES
from planning_check.errors import speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.balance import PARTS, Balance, Group
from planning_check.report.told.numbers import counted, number
from planning_check.words import BALANCE_STATES, REMEDY_DOCUMENTS, label

_MOST = 25
_HEADS = {
    "zh": "应配建 ㎡|实物移交|折资|免除|尚欠|其中逾期|逾期折资 元",
    "en": "required ㎡|handed over|in lieu|waived|residual|overdue|overdue, yuan",
}
_BY = {
    "zh": {"project": "项目", "developer": "开发企业", "district": "区县", "city": "城市", "community": "社区"},
    "en": {"project": "project", "developer": "developer", "district": "district", "city": "city", "community": "community"},
}


def balance_lines(balance: Balance, lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """The equation group by group, the groups that owe most first, and what the sums leave out."""

    say = speaking(lang)
    title = say(
        f"配建义务平衡　截至 {balance.as_of}（第 {balance.run_id} 次检查）",
        f"Balance of obligations as of {balance.as_of} (run {balance.run_id})",
    )
    lines = [
        paint(title, "title"),
        say("  应配建 = 实物移交 + 折资 + 免除 + 尚欠，单位平方米", "  required = handed over + in lieu + exempt + residual, in ㎡"),
        "",
    ]
    shown = balance.groups if full else balance.groups[:_MOST]
    rows = [_row(group, balance, lang) for group in shown] + [_sums(balance.total, balance.whole.get(lang))]
    lines += table([_BY[lang][balance.by], *_HEADS[lang].split("|")], rows, numbers=range(1, 8), paint=paint, total=1)
    if len(balance.groups) > len(shown):
        rest = len(balance.groups) - len(shown)
        lines.append(paint(say(f"  另有 {rest} 行（-v 全部列出）", f"  {rest} more (-v lists all)"), "dim"))
    total = balance.total
    states = say("，", ", ").join(f"{label(BALANCE_STATES, s, lang)} {number(n)}" for s, n in total.states.items())
    lines += ["", *wrap(say("项目：", "Projects: ") + states, WIDTH, indent="  ")]
    for state, group in balance.decided:
        told, money = label(STATES, state, lang), _sums(group, "")[-1]
        lines += wrap(
            say(f"其中会议{told}的项目 {group.projects} 个，逾期 {number(group.overdue_m2)} 平方米，{money} 元",
                f"of which {told} by the meeting {counted(group.projects, 'project')}, overdue {number(group.overdue_m2)} ㎡, {money} yuan"),
            WIDTH, indent="  ",
        )  # fmt: skip
    for condition, zh, en in (
        (total.unpriced, f"逾期项目中 {total.unpriced} 个没有单价，金额未计",
         f"{total.unpriced} overdue projects have no unit price: their money is in no sum"),
        (total.surplus_m2, f"多交 {number(total.surplus_m2)} 平方米，只列示，不抵别的项目",
         f"Surplus {number(total.surplus_m2)} ㎡: shown, set against no other project"),
        (total.twice_m2, f"重复申报或重复用票 {number(total.twice_m2)} 平方米，只计一次", f"Claimed or paid twice {number(total.twice_m2)} ㎡: counted once"),
    ):  # fmt: skip
        if condition:
            lines += wrap(say(zh, en), WIDTH, indent="  ")
    if total.documents:
        papers = say("，", ", ").join(f"{label(REMEDY_DOCUMENTS, code, lang)} {n}" for code, n in total.documents.items())
        lines += wrap(say("还要补的文件（按项目计）：", "Documents to supply (projects): ") + papers, WIDTH, indent="  ", hanging="    ")
    if balance.by == "community":
        lines += wrap(
            say("跨社区的项目按用地面积份额分摊到 0.01，各社区之和等于全市；“—”为用地没有落到社区的项目",
                "A project on several communities is divided by shares of its land, to 0.01; the communities add up to the city. "
                "— are projects whose land lies in no known community"), WIDTH, indent="  ",
        )  # fmt: skip
    lines += wrap(
        say("尚欠是最低补救量：移交这些平方米，或依办法按检查日单价折资；未能判定的项目不在合计内。",
            "The residual is the least that cures: hand over so many ㎡, or pay at the day's unit price where money is allowed. "
            "Projects that cannot be determined are in no sum."), WIDTH, indent="  ",
    )  # fmt: skip
    return lines


def _row(group: Group, balance: Balance, lang: str) -> list[str]:
    name = f"{group.code} {group.name}" if balance.by == "project" else balance.called(group, lang) or group.code or "—"
    return _sums(group, name)


def _sums(group: Group, name: str) -> list[str]:
    """What a group comes to; dashes where none of its projects is known, and the least that the money is where some have no price."""
    if not group.known:
        return [name, *["—"] * 7]
    money = "—" if group.overdue_yuan is None else ("≥ " if group.unpriced else "") + number(group.overdue_yuan)
    return [name, *(number(group.sums[part]) for part in PARTS), number(group.overdue_m2), money]


def balance_csv(balance: Balance) -> Iterator[str]:
    """The groups as CSV: codes, the equation, what is overdue, states and documents."""
    heads = [
        "code",
        "name",
        "projects",
        *PARTS,
        "residual_yuan",
        "overdue_m2",
        "overdue_yuan",
        "overdue_without_price",
        "surplus_m2",
        "counted_once_m2",
        "states",
        "documents",
    ]
    yield BOM + csv_row(heads)
    for g in balance.groups:
        listed = ["; ".join(f"{k}={v}" for k, v in pairs.items()) for pairs in (g.states, g.documents)]
        sums = [str(g.sums[part]) if g.known else "" for part in PARTS]
        money = [
            "" if v is None or not g.known else str(v)
            for v in (g.residual_yuan, g.overdue_m2, g.overdue_yuan, g.unpriced, g.surplus_m2, g.twice_m2)
        ]
        yield csv_row([g.code, g.name, str(g.projects), *sums, *money, *listed])
