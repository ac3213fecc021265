"""A rule or a finding taken apart, laid out for a console in at most 100 columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from planning_check.errors import Place, Text
from planning_check.record.finding import Finding, said
from planning_check.report.console.law import choice_lines
from planning_check.report.console.layout import HARD_SPACE, WIDTH, Paint, plain, wrap
from planning_check.report.told.clauses import NO_CITE, cite_text, held_text, placed_of
from planning_check.report.told.equation import Number, Term, equations, shown
from planning_check.report.told.explaining import Explanation, Origin, RuleText, Step
from planning_check.report.told.facts import fact_value, find_fact, with_unit
from planning_check.report.told.numbers import counted, number
from planning_check.report.told.readings import clause_value, margin_text, reading_text, remedy_text
from planning_check.report.told.standing import stood_last
from planning_check.words import BUREAUS, CONSEQUENCES, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, SUBJECTS, label, labels

_MOST_ROWS = 8
_NAME = re.compile(r"[a-z_][a-z0-9_.]*")


class Sheet:
    """Collects the lines of a page in one language."""

    def __init__(self, lang: str, paint: Paint) -> None:
        self.lang, self.paint = lang, paint
        self.lines: list[str] = []

    def say(self, zh: str, en: str) -> str:
        """The text in the language of the reader."""
        return Text(zh, en).get(self.lang)

    def head(self, zh: str, en: str) -> None:
        """A blank line and a heading."""
        self.lines += ["", self.paint(self.say(zh, en), "head")]

    def text(self, text: str, indent: str = "  ", hanging: str | None = None) -> None:
        """A text in lines of at most 100 columns."""
        self.lines += wrap(text, WIDTH, indent=indent, hanging=hanging)

    def pair(self, name: str, value: str) -> None:
        """A name and its value."""
        self.text(f"{name}{self.say('：', ': ')}{value}", hanging="    ")

    def column(self, letter: str | None) -> str:
        """The column of a cell by its letter; empty where it has none."""
        return self.say(f"{letter} 列", f"column {letter}") if letter else ""

    def both(self, text: dict[str, str]) -> str:
        """A text of a rule's record in the language of the page."""
        return text[self.lang]


def rule_lines(text: RuleText, lang: str, *, paint: Paint = plain) -> list[str]:
    """A rule: what it judges, of whom, by which clauses and formula, when not to act on it, what to do."""
    page, rule = Sheet(lang, paint), text.rule
    page.lines.append(paint(f"{rule['id']} {page.both(rule['title'])}", "title"))
    page.text(" · ".join((
        label(SUBJECTS, rule["subject"], lang), label(LISTS, rule["list"], lang), label(SEVERITIES, rule["severity"], lang),
        f"{page.say('责任部门', 'bureau')} {label(BUREAUS, rule['responsible'], lang)}",
    )))  # fmt: skip
    page.head("结论这样写", "What a finding says")
    page.text(page.both(rule["message"]))
    page.head("依据", "Basis")
    for basis in rule["basis"]:
        page.text(basis, indent="  - ", hanging="    ")
    _ordinance_clauses(page, text)
    _conditions(page, rule)
    page.head("算式", "Formula")
    for step in rule["steps"]:
        name = f"{step['name']} {page.both(step['label'])}" if step["label"] else step["name"]
        page.text(f"{name} = {step['of']}", hanging="      ")
    page.text(f"{page.say('违规', 'violation')} <- {rule['violated_when']}", hanging="      ")
    _closing(page, rule)
    page.lines += ["", page.say(f"附 {text.cases} 个算例：planning-check rules test {rule['id']}；文件 {rule['file']}",
                                f"{text.cases} worked cases: planning-check rules test {rule['id']}; file {rule['file']}")]  # fmt: skip
    return page.lines


def _ordinance_clauses(page: Sheet, text: RuleText) -> None:
    for ordinance in text.ordinances:
        read = [(name, ordinance["clauses"][name]) for name in text.rule["clauses"] if name in ordinance["clauses"]]
        if not read:
            continue
        page.lines += ["", page.paint(ordinance_line(ordinance, page.lang), "head")]
        for name, clause in read:
            for dated in clause["values"]:
                since = f" ({page.say('自', 'from')} {dated['from']})" if len(clause["values"]) > 1 else ""
                page.pair(f"law.{name} {page.both(clause['label'])}", clause_value(dated["value"], clause["unit"], page.lang) + since)
            page.text(f"{page.say('出处', 'source')}{page.say('：', ': ')}{cite_text(clause).get(page.lang)}", indent="      ")
            _placed(page, clause, clause["unit"])


def _placed(page: Sheet, told: dict[str, Any], unit: str) -> None:
    """The other values of a clause or a parameter in places and times."""
    for one in placed_of(told):
        value = clause_value(one["value"], unit, page.lang)
        page.text(f"{value}{page.say('：', ': ')}{held_text(one).get(page.lang)}", indent="      ", hanging="        ")


def ordinance_line(ordinance: dict[str, Any], lang: str) -> str:
    """Its title, id, first day, what it builds on, and whether anyone has verified its text."""
    verified = Text("已核实", "verified") if ordinance["verified"] else Text("未核实", "not verified")
    title, own, since = ordinance["title"], ordinance["id"], ordinance["from"]
    bases = " > ".join(ordinance.get("based_on", ()))
    base = Text(f"，承 {bases}", f", builds on {bases}") if bases else NO_CITE
    return Text(
        f"{title['zh']}（{own}，{since} 起，{verified.zh}{base.zh}）", f"{title['en']} ({own}, from {since}, {verified.en}{base.en})"
    ).get(lang)


def _conditions(page: Sheet, rule: dict[str, Any]) -> None:
    page.head("适用与时点", "Scope and time")
    for condition in rule["applies_when"]:
        page.text(f"{condition['when']} ({page.say('否则：', 'else: ')}{page.both(condition['otherwise'])})", hanging="      ")
    for key, zh, en in (("exempt_when", "免除", "exempt"), ("due_when", "到期", "due")):
        if rule[key]:
            page.text(f"{page.say(zh, en)} <- {rule[key]}", hanging="      ")
    for parameter in rule["parameters"]:
        page.text(f"param.{parameter['name']} = {parameter['value']}  {parameter['note']}", hanging="      ")
        _placed(page, parameter, parameter["unit"])
    for width in rule.get("widths", ()):
        page.text(f"{page.say('量算口径', 'measured by')} {width['name']} = {width['value']}  {width['note']}", hanging="      ")
    if act := rule.get("act"):
        page.text(f"{page.say('部门的办理', 'act of the bureau')}{page.say('：', ': ')}{page.both(act)} <- {act['on']}", hanging="      ")


def _closing(page: Sheet, rule: dict[str, Any]) -> None:
    page.head("怎么办", "What to do")
    page.text(page.both(rule["cure"]))
    page.text(page.say("后果建议：", "Proposed: ") + labels(CONSEQUENCES, ",".join(rule["consequence"]), page.lang))
    page.head("何时不宜处理", "When not to act on it")
    page.text(page.both(rule["trap"]))


def explanation_lines(e: Explanation, lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """A finding: outcome, arithmetic, law, what is missing, what to do, and every fact down to its cells.

    ``full`` also shows what the rule read but the outcome does not rest on, and formulas with all their branches.
    """
    page = Sheet(lang, paint)
    _opening(page, e)
    if e.finding is None:
        return page.lines
    _conclusion(page, e, e.finding)
    _case(page, e.finding)
    _missing(page, e)
    _at_stake(page, e.finding)
    _readings(page, e.finding)
    if full or (e.outcome != "not_applicable" and all(line.name != "law" for line in e.missing)):
        _arithmetic(page, e, full)
        _law(page, e, full)
    _choice(page, e)
    _facts(page, e, full)
    if e.record:
        page.head("何时不宜处理", "When not to act on it")
        page.text(page.both(e.record["trap"]))
    return page.lines


def _opening(page: Sheet, e: Explanation) -> None:
    finding = e.finding
    status = said(finding, "status", page.lang) if finding else None
    verdict = [label(OUTCOMES, e.outcome, page.lang)]
    if finding and e.outcome == "violation":
        verdict += [label(SEVERITIES, finding["severity"], page.lang), *([status] if status else [])]
    title = f"{e.rule_id} {e.title.get(page.lang)}{page.say('：', ': ')}{' · '.join(verdict)}"
    page.lines += [page.paint(line, "title") for line in wrap(title, WIDTH, indent="", hanging="  ")]
    who = [finding["subject_name"], finding["district_name"], finding["community_name"], finding["developer_name"]] if finding else []
    page.text("  ".join([f"{label(SUBJECTS, e.subject, page.lang)} {e.key}", *(w for w in who if w)]))
    page.text(page.say(f"第 {e.run_id} 次检查，截至 {e.as_of}", f"run {e.run_id}, as of {e.as_of}"))
    for text in e.without:
        page.lines += [page.paint(line, "alarm") for line in wrap(text.get(page.lang), WIDTH, indent="  ! ", hanging="    ")]
    if not finding:
        page.text(
            page.say(
                "没有列为问题，登记册只记结论；报送或规则已不在原处或已改动，算式不能重现。",
                "Not a finding: the register holds the outcome; the delivery or the rules have moved or changed, "
                "so it cannot be derived again.",
            )
        )


def _conclusion(page: Sheet, e: Explanation, finding: Finding) -> None:
    message, reason = said(finding, "message", page.lang), said(finding, "reason", page.lang)
    if message or reason:
        page.head("结论", "Finding")
        for text in (message, reason):
            if text:
                page.text(text)
    if e.outcome == "violation":
        page.head("怎么办", "What to do")
        if cure := said(finding, "cure", page.lang):
            page.text(cure)
        least = remedy_text(finding, page.lang)
        if least:
            page.text(page.say("最低补救：", "The least that cures it: ") + least)
        page.text(page.say("后果建议：", "Proposed: ") + labels(CONSEQUENCES, ",".join(finding["consequence"]), page.lang))
        page.text(page.say("责任部门：", "Bureau: ") + label(BUREAUS, finding["responsible"], page.lang))


def _case(page: Sheet, finding: Finding) -> None:
    """What was decided about it; nothing where nothing was."""
    if told := stood_last(finding, page.lang):
        page.head("案件", "Case")
        for text in told.split("\n"):
            page.text(text)
        command = f"planning-check case show {finding['fingerprint']}"
        page.text(page.say(f"经过：{command}", f"its history: {command}"))


def _missing(page: Sheet, e: Explanation) -> None:
    if e.missing:
        page.head("缺少的事实，由谁补", "Missing facts, and who must supply them")
        for line in e.missing:
            page.pair(f"{line.label.get(page.lang)} ({line.name})", label(BUREAUS, line.owner, page.lang))


def _at_stake(page: Sheet, finding: Finding) -> None:
    """What an open verdict may come to."""
    low, high = finding["exposure_area_min_m2"], finding["exposure_area_max_m2"]
    if low is None or high is None:
        return
    page.head("涉及多少（缺项最有利至最不利，不是认定）", "At stake (the unknown at best and at worst; no verdict)")
    page.text(f"{number(low)} - {number(high)} ㎡")
    least, most = finding["exposure_min_yuan"], finding["exposure_max_yuan"]
    if least is not None and most is not None:
        page.text(f"{number(least)} - {number(most)} {page.say('元', 'yuan')}")


def _readings(page: Sheet, finding: Finding) -> None:
    """How a violation comes out where the law is read differently, and by what margin."""
    if not finding["robustness"]:
        return
    page.head("换口径还成立吗", "Does it stand if the law is read differently")
    page.text(label(ROBUSTNESS, finding["robustness"], page.lang))
    for other in finding["alternatives"]:
        outcome = label(OUTCOMES, other["outcome"], page.lang)
        page.text(
            f"{reading_text(other['clause'], other['value'], page.lang)}{page.say('：', ': ')}{outcome}{margin_text(other, page.lang)}"
        )


def _arithmetic(page: Sheet, e: Explanation, full: bool) -> None:
    steps = [step for step in e.steps if full or step.used]
    page.head("算式", "Arithmetic")
    for line in equations(e):
        _equation(page, line)
    for step in steps:
        if full or not (step.shared and step.is_truth):
            _step(page, step, full)
    truths = [step for step in steps if step.shared and step.is_truth and not full]
    if truths:
        shown = [f"{step.label.get(page.lang)}{HARD_SPACE}{with_unit(step.value, '', page.lang)}" for step in truths if step.label]
        page.text(page.say("前提：", "given: ") + page.say("，", ", ").join(shown))
    if e.judged:
        page.text(f"{page.say('判定', 'judged by')} {e.judged.formula if full else e.judged.applied}", hanging="      ")
        page.text(f"= {e.judged.put_in}", indent="      ", hanging="        ")


def _equation(page: Sheet, line: Sequence[Term]) -> None:
    """The line, and below it what each of its numbers is called."""
    page.text(" ".join(shown(line, page.lang)), hanging="    ")
    numbers = [term for place, term in enumerate(line) if isinstance(term, Number) and not (place and line[place - 1] == "=")]
    called = dict.fromkeys(f"{one.shown(page.lang)}{HARD_SPACE}{one.label.get(page.lang)}" for one in numbers)
    page.text(page.say("；", "; ").join(called), indent="      ")


def _step(page: Sheet, step: Step, full: bool) -> None:
    name = f"{step.name} {step.label.get(page.lang)}" if step.label else step.name
    value = with_unit(step.value, step.unit, page.lang)
    formula = step.formula if full else step.applied
    if _NAME.fullmatch(formula):
        page.text(f"{name} = {value}  <- {formula}", hanging="      ")
        return
    page.text(f"{name} = {value}", hanging="      ")
    page.lines += [page.paint(line, "dim") for line in wrap(formula, WIDTH, indent="      ", hanging="        ")]
    if step.put_in != formula:
        page.text(f"= {step.put_in}", indent="      ", hanging="        ")


def _law(page: Sheet, e: Explanation, full: bool) -> None:
    clauses = [clause for clause in e.law if full or clause.used]
    if not clauses and not e.ordinance:
        return
    page.head("适用办法", "The law")
    if e.ordinance:
        page.text(ordinance_line(e.ordinance, page.lang))
    for clause in clauses:
        page.pair(f"{clause.name} {clause.label.get(page.lang)}", clause_value(clause.value, clause.unit, page.lang))
        if cite := clause.cite.get(page.lang):
            page.text(f"{page.say('出处：', 'source: ')}{cite}", indent="      ")
    _left_out(page, len(e.law) - len(clauses), "条", "clause")


def _choice(page: Sheet, e: Explanation) -> None:
    """Why this version of the law and not the others on file."""
    if e.choice is not None:
        page.head("为何适用这一部，不适用别的", "Why this law and not another")
        page.lines += choice_lines(e.choice, page.lang, page.paint)


def _left_out(page: Sheet, count: int, zh: str, en: str) -> None:
    if count > 0:
        text = page.say(
            f"另有 {count} {zh}，未知或未起作用（-v 列出）", f"{counted(count, en)} more, not known or without effect (-v lists them)"
        )
        page.lines.append(page.paint(f"  {text}", "dim"))


def _facts(page: Sheet, e: Explanation, full: bool) -> None:
    page.head("事实与出处", "Facts and where they stand")
    shown = [fact for fact in e.facts if full or (fact.used and (fact.value is not None or fact.origins))]
    seen: dict[tuple[Origin, ...], str] = {}
    for fact in shown:
        value = fact_value(find_fact(e.subject, fact.name), fact.value, page.lang)
        page.pair(f"{fact.label.get(page.lang)} ({fact.name})", value)
        first = seen.setdefault(fact.origins, fact.name)
        if fact.origins and first != fact.name:
            page.text(page.say(f"<- 出处同 {first}", f"<- the same cells as {first}"), indent="      ")
        else:
            _origins(page, fact.origins)
    _left_out(page, len(e.facts) - len(shown), "项", "fact")


def _origins(page: Sheet, origins: tuple[Origin, ...]) -> None:
    """A line for each delivered row, with the cells of it that were read."""
    rows: dict[Place, list[str]] = {}
    for origin in origins:
        cell = " ".join(
            p
            for p in (
                page.column(origin.where.column),
                origin.header if origin.header != origin.where.column else "",
                f'"{origin.raw}"',
                origin.corrected.get(page.lang) if origin.corrected else "",
            )
            if p
        )
        rows.setdefault(replace(origin.where, column=None), []).append(cell)
    for where, cells in list(rows.items())[:_MOST_ROWS]:
        shown = page.say("；", "; ").join(cells)
        page.text(f"<- {where.get(page.lang)} > {shown}", indent="      ", hanging="         ")
    if len(rows) > _MOST_ROWS:
        rest = number(len(rows) - _MOST_ROWS)
        page.text(page.say(f"另有 {rest} 行", f"{rest} more rows"), indent="      ")
