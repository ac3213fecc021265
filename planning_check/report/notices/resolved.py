"""What a paper says of the meeting's decision about its case: resolution, day, sum and deadline, as the log has them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from planning_check.cases import FIELDS, STATES
from planning_check.errors import Text
from planning_check.record.finding import Finding
from planning_check.report.notices.numerals import capital_yuan, day_text
from planning_check.report.told.numbers import number

#: Of these no paper goes out: nobody is accused, or the meeting has put it off.
WITHHELD = ("dismissed", "deferred")
_CONFIRMED = ("confirmed", "reported")
_BLANK = Text("＿＿＿＿年＿＿月＿＿日", "____________")


def is_confirmed(finding: Finding) -> bool:
    """Whether the meeting has confirmed it, and it is neither struck off nor to decide again."""
    return finding["decision"] == "confirmed" and finding["case_state"] in _CONFIRMED


def taken_yuan(finding: Finding) -> Decimal | None:
    """What the meeting decided to forfeit: the sum that it named, else the one that its scope means; None where it said neither."""
    if finding["decision_yuan"] is not None:
        return finding["decision_yuan"]
    least = finding["yuan"] if finding["yuan_min"] is None else finding["yuan_min"]
    return {"whole": finding["yuan"], "proportional": least}.get(finding["decision_scope"] or "")


def money(value: Decimal, lang: str) -> str:
    """A sum in figures and, in Chinese, in capital numerals."""
    return Text(f"人民币 {number(value)} 元（大写：{capital_yuan(value)}）", f"{number(value)} yuan").get(lang)


def resolved_fields(findings: Sequence[Finding], lang: str) -> dict[str, Any]:
    """``decisions``: a sentence for each decision about the items of a paper and each waiver of them, with their numbers; ``deadline``: the
    day by which all are to be done, a blank where they have none in common; ``resolved_on``, ``resolution_no``, ``taken`` of the first, ''
    for none."""
    told: dict[str, list[int]] = {}
    for place, finding in enumerate(findings, 1):
        if is_confirmed(finding):
            told.setdefault(_sentence(finding, lang), []).append(place)
        if finding["waived_until"]:
            until = _day(finding["waived_until"], lang)
            told.setdefault(Text(f"豁免至{until}，期内不追究", f"waived until {until}: not pursued till then").get(lang), []).append(place)
    days = {finding["decision_due_on"] if is_confirmed(finding) else None for finding in findings}
    day = days.pop() if len(days) == 1 else None
    first = findings[0]
    confirmed = is_confirmed(first)
    taken = taken_yuan(first) if confirmed else None
    return {
        "decisions": [_numbered(sentence, places, len(findings), lang) for sentence, places in told.items()],
        "deadline": day_text(dt.date.fromisoformat(day), lang) if day else _BLANK.get(lang),
        "confirmed": confirmed,
        "resolved_on": _day(first["decision_on"], lang) if confirmed else "",
        "resolution_no": (first["decision_no"] or "") if confirmed else "",
        "taken": money(taken, lang) if taken is not None else Text("＿＿＿＿＿＿元（决议没有写明金额，请核对纪要）", "____________ yuan (the "
                                                                   "resolution names no sum: see the minutes)").get(lang),
    }  # fmt: skip


def _sentence(finding: Finding, lang: str) -> str:
    day, no = _day(finding["decision_on"], lang), finding["decision_no"]
    parts = [Text(f"联席会议{day}认定（{no}）", f"confirmed by the joint meeting on {day} ({no})").get(lang)]
    if finding["decision_yuan"] is not None:
        parts.append(
            Text(f"决定金额{money(finding['decision_yuan'], 'zh')}", f"sum decided {money(finding['decision_yuan'], 'en')}").get(lang)
        )
    for name, value in (("scope", finding["decision_scope"]), ("measure", finding["decision_measure"])):
        if value:
            parts.append(f"{FIELDS[name].label.get(lang)} {FIELDS[name].choices[value].get(lang)}")
    if finding["decision_due_on"]:
        due = _day(finding["decision_due_on"], lang)
        parts.append(Text(f"办理期限{due}", f"to be done by {due}").get(lang))
    return Text("，", ", ").get(lang).join(parts)


def _numbered(sentence: str, places: Sequence[int], items: int, lang: str) -> str:
    if items == 1:
        return sentence
    listed = Text("、", ", ").get(lang).join(map(str, places))
    return Text(f"第 {listed} 项：{sentence}", f"Nos. {listed}: {sentence}").get(lang)


def _day(day: str | None, lang: str) -> str:
    return day_text(dt.date.fromisoformat(day), lang) if day else ""


def withheld_why(finding: Finding, forfeits: bool) -> str:
    """Why a paper is not written for a finding, one of ``_WHY``; '' where it is. ``forfeits``: whether the paper is about a forfeiture."""
    if finding["case_state"] in WITHHELD:
        return finding["case_state"]
    return "none" if forfeits and is_confirmed(finding) and finding["decision_scope"] == "none" else ""


_WHY = {state: STATES[state] for state in WITHHELD} | {"none": Text("已定不没收", "decided not to forfeit")}
#: What no meeting has decided: there is nothing to demand, or too little to write about.
_OF_ITSELF = {
    "settled": Text("前几个阶段不足、后来已补足的", "short at an earlier stage, made up since"),
    "marginal": Text("微差的（report --marginal 也写）", "marginal (report --marginal writes these, too)"),
}


def withheld_text(why: Counter[str], lang: str) -> str:
    """Why cases that a kind of paper is for have none; '' where none was withheld."""
    told = [f"{text.get(lang)} {why[code]}" for code, text in _WHY.items() if why[code]]
    listed = Text(" 件、", ", ").get(lang).join(told)
    said = Text(f"；联席会议{listed} 件，不制发", f"; not written, as the joint meeting has them: {listed}").get(lang) if told else ""
    of_itself = [f"{text.get(lang)} {why[code]}" for code, text in _OF_ITSELF.items() if why[code]]
    listed = Text(" 件、", ", ").get(lang).join(of_itself)
    return said + (Text(f"；{listed} 件，不制发", f"; not written: {listed}").get(lang) if of_itself else "")
