"""A rule or a finding taken apart, laid out for a console in at most 100 columns."""

from __future__ import annotations

from typing import Any

from planning_check.errors import Text
from planning_check.report.explaining import ClauseLine, Explanation, FactLine, RuleText, Step
from planning_check.report.facts import fact_value, find_fact, with_unit
from planning_check.report.layout import WIDTH, Paint, number, plain, wrap
from planning_check.words import BUREAUS, CONSEQUENCES, LISTS, OUTCOMES, SEVERITIES, SUBJECTS, label, labels

_MOST_ORIGINS = 8


class Sheet:
    """Collects the lines of a page in one language."""

    def __init__(self, lang: str, paint: Paint) -> None:
        self.lang, self.paint = lang, paint
        self.lines: list[str] = []

    def say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def head(self, zh: str, en: str) -> None:
        self.lines += ["", self.paint(self.say(zh, en), "head")]

    def text(self, text: str, indent: str = "  ", hanging: str | None = None) -> None:
        self.lines += wrap(text, WIDTH, indent=indent, hanging=hanging)

    def pair(self, name: str, value: str) -> None:
        self.text(f"{name}{self.say('：', ': ')}{value}", hanging="    ")

    def both(self, text: dict[str, str]) -> str:
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
        page.head(*(f"{t['title']}（{t['id']}，{t['verified']}）" for t in _named(ordinance)))
        for name, clause in read:
            for dated in clause["values"]:
                since = f" ({page.say('自', 'from')} {dated['from']})" if len(clause["values"]) > 1 else ""
                page.pair(f"law.{name} {page.both(clause['label'])}", clause_value(dated["value"], clause["unit"], page.lang) + since)
            page.text(f"{page.say('出处', 'source')}{page.say('：', ': ')}{clause['cite']}", indent="      ")


def _named(ordinance: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    verified = Text("已核实", "verified") if ordinance["verified"] else Text("未核实", "not verified")
    return tuple(
        {"title": ordinance["title"][lang], "id": ordinance["id"], "verified": verified.get(lang)} for lang in ("zh", "en")
    )  # fmt: skip


def clause_value(value: Any, unit: str, lang: str) -> str:
    """A clause as people read it; an ordinance that leaves it open says nothing on it."""
    if value is None:
        return "未规定" if lang == "zh" else "nothing laid down"
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or ("无" if lang == "zh" else "none")
    if isinstance(value, dict):
        return "; ".join(f">= {number_text(k)}: {number_text(v)}" for k, v in value.items())
    return with_unit(str(value), unit, lang)


def number_text(value: Any) -> str:
    return with_unit(str(value), "", "en")


def _conditions(page: Sheet, rule: dict[str, Any]) -> None:
    page.head("适用与时点", "Scope and time")
    for condition in rule["applies_when"]:
        page.text(f"{condition['when']} ({page.say('否则：', 'else: ')}{page.both(condition['otherwise'])})", hanging="      ")
    for key, zh, en in (("exempt_when", "免除", "exempt"), ("due_when", "到期", "due")):
        if rule[key]:
            page.text(f"{page.say(zh, en)} <- {rule[key]}", hanging="      ")
    for parameter in rule["parameters"]:
        page.text(f"param.{parameter['name']} = {parameter['value']}  {parameter['note']}", hanging="      ")


def _closing(page: Sheet, rule: dict[str, Any]) -> None:
    page.head("怎么办", "What to do")
    page.text(page.both(rule["cure"]))
    page.text(page.say("后果建议：", "Proposed: ") + labels(CONSEQUENCES, ",".join(rule["consequence"]), page.lang))
    page.head("何时不宜处理", "When not to act on it")
    page.text(page.both(rule["trap"]))


def explanation_lines(e: Explanation, lang: str, *, paint: Paint = plain) -> list[str]:
    """A finding: outcome, arithmetic, law, what is missing, what to do, and every fact down to its cells."""
    page = Sheet(lang, paint)
    _opening(page, e)
    if e.finding is None:
        return page.lines
    _conclusion(page, e)
    _missing(page, e)
    if e.steps:
        page.head("算式", "Arithmetic")
        for step in e.steps:
            _step(page, step)
    if e.judged:
        page.text(f"{page.say('判定', 'judged by')} {e.judged.formula}", hanging="      ")
        page.text(f"= {e.judged.put_in}", indent="      ", hanging="        ")
    _law(page, e)
    page.head("事实与出处", "Facts and where they stand")
    for fact in e.facts:
        _fact(page, e.subject, fact)
    if e.record:
        page.head("何时不宜处理", "When not to act on it")
        page.text(page.both(e.record["trap"]))
    return page.lines


def _opening(page: Sheet, e: Explanation) -> None:
    finding = e.finding or {}
    status = finding.get(f"status_{page.lang}")
    verdict = [label(OUTCOMES, e.outcome, page.lang)]
    if e.outcome == "violation":
        verdict += [label(SEVERITIES, finding["severity"], page.lang), *([status] if status else [])]
    page.lines.append(page.paint(f"{e.rule_id} {e.title.get(page.lang)}{page.say('：', ': ')}{' · '.join(verdict)}", "title"))
    who = [finding.get(k) for k in ("subject_name", "district_name", "community_name", "developer_name")]
    page.text("  ".join([f"{label(SUBJECTS, e.subject, page.lang)} {e.key}", *(w for w in who if w)]))
    page.text(page.say(f"第 {e.run_id} 次检查，截至 {e.as_of}", f"run {e.run_id}, as of {e.as_of}"))
    if not finding:
        page.text(page.say("没有列为问题，只在登记册中有结论。", "Not a finding; the register alone holds its outcome."))


def _conclusion(page: Sheet, e: Explanation) -> None:
    finding = e.finding or {}
    message, reason = finding[f"message_{page.lang}"], finding[f"reason_{page.lang}"]
    if message or reason:
        page.head("结论", "Finding")
        for text in (message, reason):
            if text:
                page.text(text)
    if e.outcome == "violation":
        page.head("怎么办", "What to do")
        if finding[f"cure_{page.lang}"]:
            page.text(finding[f"cure_{page.lang}"])
        page.text(page.say("后果建议：", "Proposed: ") + labels(CONSEQUENCES, ",".join(finding["consequence"]), page.lang))
        page.text(page.say("责任部门：", "Bureau: ") + label(BUREAUS, finding["responsible"], page.lang))


def _missing(page: Sheet, e: Explanation) -> None:
    if e.missing:
        page.head("缺少的事实，由谁补", "Missing facts, and who must supply them")
        for line in e.missing:
            page.pair(f"{line.label.get(page.lang)} ({line.name})", label(BUREAUS, line.owner, page.lang))


def _step(page: Sheet, step: Step) -> None:
    name = f"{step.name} {step.label.get(page.lang)}" if step.label else step.name
    page.text(f"{name} = {with_unit(step.value, step.unit, page.lang)}", hanging="      ")
    if step.formula:
        page.lines += [page.paint(line, "dim") for line in wrap(step.formula, WIDTH, indent="      ", hanging="        ")]
        if step.put_in != step.formula:
            page.text(f"= {step.put_in}", indent="      ", hanging="        ")


def _law(page: Sheet, e: Explanation) -> None:
    if not e.law:
        return
    page.head("适用办法", "The law")
    if e.ordinance:
        verified = page.say("已核实", "verified") if e.ordinance["verified"] else page.say("未核实", "not verified")
        since = page.say(f"{e.ordinance['from']} 起", f"from {e.ordinance['from']}")
        page.text(f"{page.both(e.ordinance['title'])} ({e.ordinance['id']}, {since}, {verified})")
    for clause in e.law:
        _clause(page, clause)


def _clause(page: Sheet, clause: ClauseLine) -> None:
    page.pair(f"law.{clause.name} {clause.label.get(page.lang)}", clause_value(clause.value, clause.unit, page.lang))
    if clause.cite:
        page.text(f"{page.say('出处：', 'source: ')}{clause.cite}", indent="      ")


def _fact(page: Sheet, subject: str, fact: FactLine) -> None:
    value = fact_value(find_fact(subject, fact.name), fact.value, page.lang)
    page.pair(f"{fact.label.get(page.lang)} ({fact.name})", value)
    for origin in fact.origins[:_MOST_ORIGINS]:
        header = f" {origin.header}" if origin.header else ""
        page.text(f'<- {origin.where.get(page.lang)}{header} "{origin.raw}"', indent="      ", hanging="         ")
    rest = len(fact.origins) - _MOST_ORIGINS
    if rest > 0:
        page.text(page.say(f"另有 {number(rest)} 个单元格", f"{number(rest)} more cells"), indent="      ")
