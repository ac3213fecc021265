"""A dossier on the console: what stands against whom, before the findings themselves."""

from __future__ import annotations

from planning_check.cases import STATES
from planning_check.errors import Text
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.told.dossier import Dossier
from planning_check.report.told.numbers import number
from planning_check.words import BUREAUS, LISTS, OUTCOMES, label

_WHOM = {"developer": Text("开发企业", "developer"), "community": Text("社区", "community"), "bureau": Text("责任部门", "bureau")}


def dossier_lines(found: Dossier, lang: str, *, paint: Paint = plain) -> list[str]:
    """Open cases, areas and money by list, what the projects still owe, credit entries; what is unknown is counted beside each."""
    join = Text("，", ", ").get(lang)
    named = join.join(f"{_WHOM[kind].get(lang)} {label(BUREAUS, which, lang) if kind == 'bureau' else which}" for kind, which in found.whom)
    run = found.run
    lines = [paint(Text(f"卷宗：{named}（第 {run.id} 次检查，截至 {run.as_of}）", f"Dossier: {named} (run {run.id}, as of {run.as_of})").get(lang),
                   "title")]  # fmt: skip
    outcomes = join.join(f"{OUTCOMES[code].get(lang)} {number(count)}" for code, count in sorted(found.outcomes.items()))
    states = join.join(f"{label(STATES, state, lang)} {number(found.states[state])}" for state in STATES if found.states[state])
    for told in (
        Text(f"结论：{outcomes or '没有'}；涉及对象 {found.subjects} 个", f"Outcomes: {outcomes or 'none'}; subjects {found.subjects}"),
        Text(
            f"未办结的案件 {number(found.pending)} 件（{states or '没有'}）",
            f"Cases not done: {number(found.pending)} ({states or 'none'})",
        ),
    ):
        lines += wrap(told.get(lang), WIDTH, indent="  ", hanging="    ")
    if dismissed := found.states["dismissed"]:
        told = Text(f"不予认定 {number(dismissed)} 件，仍在下表的数内", f"dismissed: {number(dismissed)}, still in the figures below")
        lines += wrap(told.get(lang), WIDTH, indent="  ", hanging="    ")
    if found.waived:
        told = Text(f"豁免 {number(found.waived)} 件，仍在下表的数内", f"waived: {number(found.waived)}, still in the figures below")
        lines += wrap(told.get(lang), WIDTH, indent="  ", hanging="    ")
    if found.cities:
        named = join.join(f"{name.get(lang)} {number(n)}" for name, n in found.cities.items())
        told = Text(f"城市 {len(found.cities)} 座，违规：{named}", f"Cities {len(found.cities)}, violations: {named}")
        lines += wrap(told.get(lang), WIDTH, indent="  ", hanging="    ")
    lines += _credit(found, lang)
    lines += _owed(found, lang)
    if found.parts:
        heads = (
            Text("名单|违规|行|面积 ㎡|无面积|金额 元（最高）|无金额", "list|violations|lines|area, m2|without|yuan (highest)|without")
            .get(lang)
            .split("|")
        )
        rows = [
            [label(LISTS, code, lang), number(part.violations), number(part.lines), _known(part.area_m2),
             number(part.without_area), _known(part.yuan), number(part.without_yuan)]
            for code, part in ((code, found.parts[code]) for code in LISTS if code in found.parts)
        ]  # fmt: skip
        lines += ["", *table(heads, rows, numbers=(1, 2, 3, 4, 5, 6), width=WIDTH, paint=paint)]
        lines += wrap(Text("同一项目在一份名单里是一行，只按其中一条问题计，不相加；这一条不在所选之内，或没有、不明的，不在合计内，行数在右列",
                           "of one project on one list there is one line, with the area and money of one of its findings; lines of which "
                           "that one is not chosen, or which have none, are in no sum and counted beside it").get(lang), WIDTH,
                      indent="  ", hanging="  ")  # fmt: skip
    return [*lines, ""]


def _known(value: object) -> str:
    return "—" if value is None else number(value)  # type: ignore[arg-type]


def _credit(found: Dossier, lang: str) -> list[str]:
    if not found.credit:
        return []
    told = Text(f"信用记录：已认定、应记入 {found.credit_now} 件；认定后才记入 {found.credit_later} 件",
                f"Credit record: confirmed, to be entered {found.credit_now}; to be entered only once confirmed "
                f"{found.credit_later}")  # fmt: skip
    return wrap(told.get(lang), WIDTH, indent="  ", hanging="    ")


def _owed(found: Dossier, lang: str) -> list[str]:
    owed = found.owed
    if owed is None or not owed.projects:
        return []
    (area_zh, area_en), (yuan_zh, yuan_en) = (
        unknown if left is None else tuple(f"{number(left)} {unit}" for unit in units)
        for left, units, unknown in (
            (owed.residual_m2, ("㎡", "m2"), ("面积不明", "unknown m2")),
            (owed.residual_yuan, ("元", "yuan"), ("金额不明", "unknown yuan")),
        )
    )
    told = Text(f"有义务的项目 {owed.projects} 个，尚欠 {area_zh}、{yuan_zh}",
                f"Projects with a duty {owed.projects}: left {area_en}, {yuan_en}")  # fmt: skip
    lines = wrap(told.get(lang), WIDTH, indent="  ", hanging="    ")
    for count, text in (
        (
            owed.unknown,
            Text(f"其中 {owed.unknown} 个尚欠多少不明，不在数内", f"of {owed.unknown} it is not known what is left: in neither sum"),
        ),
        (
            owed.unpriced,
            Text(f"{owed.unpriced} 个有尚欠而没有单价，不在金额内", f"{owed.unpriced} have something left and no price: not in the yuan"),
        ),
    ):
        lines += wrap(text.get(lang), WIDTH, indent="    ", hanging="      ") if count else []
    return lines
