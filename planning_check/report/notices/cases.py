"""The cases that notices are about, gathered in one pass over the findings, and the fields of a case's paper."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from planning_check.cases import STATES
from planning_check.errors import Text
from planning_check.record.finding import Finding, said
from planning_check.report.notices.demands import all_marginal, demanded
from planning_check.report.notices.kinds import DECIDED, KINDS, Kind
from planning_check.report.notices.numerals import capital_yuan, day_text, day_words
from planning_check.report.notices.prose import BLANK, is_remarked, may_be_cited, prose, without_remarks
from planning_check.report.notices.resolved import is_confirmed, money, resolved_fields, taken_yuan, withheld_why
from planning_check.report.told.numbers import amounts_text, number
from planning_check.report.told.pack import Pack
from planning_check.words import BUREAUS, OUTCOMES, ROBUSTNESS, SEVERITIES, label

_MOST_CAUTIONS = 6
_DOUBTFUL = "存疑"
_FORFEITURES = ("intended_forfeiture", "forfeiture_decision")


@dataclass
class Case:
    """One project (or other subject) with the findings that put it on a kind of paper. ``earlier``: earlier stages of the same shortage,
    for which nothing is demanded."""

    key: str
    findings: list[Finding] = field(default_factory=list)
    earlier: list[Finding] = field(default_factory=list)


@dataclass
class Cases:
    """By kind and key, at most so many of each kind; ``seen`` counts the others too. ``reviews``: project -> what legal review must settle;
    ``names``: project -> what it is called; ``withheld``: kind -> why it is not written for how many findings."""

    most: int
    kept: dict[str, dict[str, Case]] = field(default_factory=lambda: defaultdict(dict))
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    reviews: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    data: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    data_seen: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    names: dict[str, str | None] = field(default_factory=dict)
    withheld: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def of(self, kind: str) -> Iterable[Case]:
        """The cases of a kind of paper that are written, in the order of the run."""
        return self.kept[kind].values()

    def total(self, kind: str) -> int:
        """How many cases of a kind there are, written or not."""
        return len(self.seen[kind])


def collect(pack: Pack, most: int) -> Cases:
    """One pass over the findings; rectification and forfeiture go by project, returns and records by their own subject."""
    cases = Cases(most, names={line.project_id: line.project_name for line in pack.balance})
    for finding in pack.findings():
        if "legal_review" in finding["consequence"] and finding["outcome"] in ("violation", "undetermined"):
            _keep_review(cases, finding)
        if finding["outcome"] != "violation":
            continue
        if finding["case_state"] != "dismissed" and "data_request" in finding["consequence"] and finding["list"] == "data":
            cases.data_seen[finding["responsible"]] += 1
            if len(cases.data[finding["responsible"]]) < most:
                cases.data[finding["responsible"]].append(finding)
        for kind in KINDS:
            if kind.wants and kind.wants(finding):
                if why := withheld_why(finding, kind.code in _FORFEITURES):
                    cases.withheld[kind.code][why] += 1
                else:
                    _keep(cases, kind, finding)
    _settle(cases, pack)
    return cases


def _settle(cases: Cases, pack: Pack) -> None:
    """Of each order one sum a shortage; no letter where nothing is missing any more, and none for what is marginal unless asked for."""
    lines = {line.key: line for one in pack.summary.lists if one.code == "violations" for line in one.lines}
    grave = {rule.rule_id: getattr(rule, "severity", None) for rule in pack.rules}
    for code in ("rectification", "intended_forfeiture"):
        for key, case in list(cases.kept[code].items()):
            if code == "rectification":
                case.findings, case.earlier = demanded(case.findings, lines.get(key))
            why = "settled" if not case.findings else "" if pack.marginal or not all_marginal(case.findings, grave) else "marginal"
            if why:
                cases.withheld[code][why] += 1
                cases.seen[code].discard(key)
                del cases.kept[code][key]


def _keep_review(cases: Cases, finding: Finding) -> None:
    held = cases.reviews[finding["project_id"] or ""]
    if len(held) < _MOST_CAUTIONS:
        held.append(finding)


def _keep(cases: Cases, kind: Kind, finding: Finding) -> None:
    by_project = kind.code in ("rectification", "intended_forfeiture", "forfeiture_decision") and finding["project_id"]
    key = by_project or finding["subject_key"]
    kept = cases.kept[kind.code]
    cases.seen[kind.code].add(key)
    if key in kept or len(kept) < cases.most:
        kept.setdefault(key, Case(key)).findings.append(finding)


def common_fields(kind: Kind, pack: Pack, lang: str) -> dict[str, Any]:
    """What every paper says: whose city, which day, which ordinance judged and that it is not verified, the run."""
    run = pack.run
    return {
        "title": kind.title.get(lang),
        "city": run.title.get(lang) if run.title else "",
        "as_of": day_text(run.as_of, lang),
        "as_of_words": day_words(run.as_of, lang),
        "ordinances": [
            f"{o.title.get(lang)}{'' if o.verified else Text('（未核实）', ' (not verified)').get(lang)}" for o in pack.summary.ordinances
        ],
        "data_notice": run.notice.get(lang) if run.notice else "",
        "digest": run.digest,
        "log_head": pack.head,
        "tool_version": run.tool_version,
    }


def case_fields(kind: Kind, pack: Pack, case: Case, cases: Cases, lang: str) -> dict[str, Any]:
    """The fields of one case's paper; what is not on record is left as a blank to fill in."""
    first = case.findings[0]
    facts = first["facts"]
    unknown = BLANK.get(lang)
    texts = {rule.rule_id: rule.text or {} for rule in pack.rules}
    ordinances = {one.id: one.title for one in pack.summary.ordinances}
    reviews = cases.reviews.get(first["project_id"] or "", ()) if "propose_forfeit" in first["consequence"] else ()
    decision_no = facts.get("forfeiture_decision_no")
    register = facts if facts.get("conclusion") == "confirmed" else {"decided_on": first["decision_on"], "minutes_no": first["decision_no"]}
    return (
        common_fields(kind, pack, lang)
        | {
            "developer": first["developer_name"] or unknown,
            "developer_code": first["developer_code"] or unknown,
            "project": cases.names.get(first["project_id"] or "") or first["subject_name"] or unknown,
            "project_id": first["project_id"] or unknown,
            "district": pack.cities.place(first["district_code"], first["district_name"], lang) or unknown,
            "community": (first["community_name"] or unknown).removesuffix("社区") or unknown,  # the sentence says 社区 after it
            "bureaus": "、".join(dict.fromkeys(label(BUREAUS, f["responsible"], lang) for f in case.findings)),
            "items": [_item(i, f, ordinances, lang) for i, f in enumerate(case.findings, 1)],
            "earlier": [_item(i, f, ordinances, lang) for i, f in enumerate(case.earlier, 1)],
            "basis": _basis(case.findings, texts, lang),
            "cautions": _cautions(case.findings, texts, reviews, lang),
            "area": number(first["area_m2"]) or unknown,
            "amount": number(first["yuan"]) or unknown,
            "amount_words": _capital(first["yuan"], lang),
            "amount_told": _decided_told(facts, lang) if first["status"] in DECIDED else _amount_told(first, lang),
            "draft": kind.code == "forfeiture_decision" and not decision_no and not is_confirmed(first),
            "decision_no": decision_no or "",
            "decided_on": _day(register.get("decided_on"), lang),
            "minutes_no": (register.get("minutes_no") or unknown).removeprefix("纪要"),  # the sentence says it
            "due_on": _day(facts.get("due_on"), lang),
            "demands": facts.get("demands") or unknown,
            "demand_deadline_on": _day(facts.get("demand_deadline_on"), lang),
        }
        | resolved_fields(case.findings, lang)
    )


def _item(place: int, finding: Finding, ordinances: Mapping[str, Text], lang: str) -> dict[str, Any]:
    title = said(finding, "rule_title", lang) or ""
    status = label(STATES, "confirmed", lang) if is_confirmed(finding) else said(finding, "status", lang) or ""
    return {
        "number": place,
        "rule_id": finding["rule_id"],
        "title": title,
        "status": "" if status.casefold() in title.casefold() else status,
        "message": prose(said(finding, "message", lang) or "", ordinances, lang),
        "cure": prose(said(finding, "cure", lang) or "", ordinances, lang),
        "severity": label(SEVERITIES, finding["severity"], lang),
        "bureau": label(BUREAUS, finding["responsible"], lang),
        "fingerprint": finding["fingerprint"],
        "area": number(finding["area_m2"]),
        "amount": amounts_text(finding["yuan_min"], finding["yuan"], lang)
        if finding["yuan_min"] is not None and finding["yuan"] is not None
        else number(finding["yuan"]),
    }


def _cited(findings: Iterable[Finding], texts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(line for finding in findings for line in texts.get(finding["rule_id"], {}).get("basis", ())))


def _basis(findings: Iterable[Finding], texts: Mapping[str, Mapping[str, Any]], lang: str) -> list[str]:
    """What the rules rest on, as their files cite it (in Chinese), without remarks: these are the officer's (:func:`_cautions`), as is what
    they call doubtful or a proposal. A line to fill in where nothing is left."""
    cited = [without_remarks(line) for line in _cited(findings, texts) if may_be_cited(line)]
    return list(dict.fromkeys(cited)) or [
        Text("＿＿＿＿＿＿＿＿＿＿＿＿（由制发机关填写）", "____________ (the issuing office fills in)").get(lang)
    ]


def _cautions(findings: Iterable[Finding], texts: Mapping[str, Mapping[str, Any]], reviews: Iterable[Finding], lang: str) -> list[str]:
    """When not to act: what the rules warn of, conclusions that turn on the reading, what legal review must settle first."""
    held = list(findings)
    told = [text[lang] for f in held if (text := texts.get(f["rule_id"], {}).get("trap"))]
    cited = _cited(held, texts)
    if cited:
        unverified = Text(
            "所依据的文件都没有核对过原文，逐条核实后才可引用",
            "nobody has held the documents relied on against their originals: verify each before it is cited",
        )
        told.append(unverified.get(lang))
    not_cited = [line for line in cited if not may_be_cited(line)]
    remarked = [line for line in cited if line not in not_cited and is_remarked(line)]
    told += [
        line if line.startswith(_DOUBTFUL) else Text(f"未列入正文：{line}", f"left out of the letter: {line}").get(lang)
        for line in not_cited
    ]
    told += [Text(f"正文所列的备注：{line}", f"remarked on in the rules: {line}").get(lang) for line in remarked]
    shaky = [f["rule_id"] for f in held if f["robustness"] in ("fragile", "untested")]
    if shaky:
        word = "、".join(dict.fromkeys(label(ROBUSTNESS, f["robustness"], lang) for f in held if f["rule_id"] in shaky))
        told.append(Text(f"换口径检验：{word}（{'、'.join(shaky)}）", f"Under other readings: {word} ({', '.join(shaky)})").get(lang))
    for review in reviews:
        what = said(review, "message", lang) or said(review, "reason", lang) or ""
        state = said(review, "status", lang) or label(OUTCOMES, review["outcome"], lang)
        told.append(f"{review['rule_id']} {said(review, 'rule_title', lang)}：{state}。{what}")
    return list(dict.fromkeys(told))


def _decided_told(facts: Mapping[str, Any], lang: str) -> str:
    """What a decision on record took; what is still open is no part of it."""
    taken = facts.get("deposit_forfeited_yuan")
    return money(Decimal(taken), lang) if taken is not None else BLANK.get(lang)


def _amount_told(finding: Finding, lang: str) -> str:
    """One amount, or the two between which the meeting decides; unknown is said."""
    whole, least = finding["yuan"], finding["yuan_min"]
    if is_confirmed(finding) and (taken := taken_yuan(finding)) is not None:
        return money(taken, lang)
    if whole is None:
        return Text("＿＿＿＿＿＿元（数额待核定）", "____________ yuan (to be established)").get(lang)
    if least is None or least == whole:
        return money(whole, lang)
    both = money(least, lang), money(whole, lang)
    return Text(
        "最低（按比例）{}，最高（全额）{}；取何者由联席会议定".format(*both),
        "lowest (in proportion) {}, highest (in whole) {}; the joint meeting decides which".format(*both),
    ).get(lang)


def _capital(value: Decimal | None, lang: str) -> str:
    return BLANK.get(lang) if value is None else capital_yuan(value)


def _day(text: str | None, lang: str) -> str:
    """A recorded day or month in words, a blank for none."""
    return prose(text, {}, lang) if text else BLANK.get(lang)
