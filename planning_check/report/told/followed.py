"""What is told of a case: why it was reopened, how old it is, and what each step of its log says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from planning_check.cases import CONCLUSIONS, REVISITS, WHYS, Case, Event, proofs_named
from planning_check.errors import Text
from planning_check.report.told.facts import fact_label, fact_value, find_fact
from planning_check.words import OUTCOMES

_MOST_FACTS = 6


def why_reopened(reason: Mapping[str, Any] | None, subject: str, lang: str) -> str:
    """The reason of a reopening (``cases.reason_to_reopen``) in a sentence; of changed facts each with what it was and is.

    ``subject``: the kind of subject of its rule. '' where there is none.
    """
    if not reason:
        return ""
    said = WHYS[reason["why"]].get(lang) if reason.get("why") in WHYS else ""
    parts = [said, str(reason.get("said") or "")]
    if reason.get("done_on"):
        parts.append(Text(f"报称 {reason['done_on']} 办结", f"reported done on {reason['done_on']}").get(lang))
    if reason.get("run"):
        parts.append(Text(f"第 {reason['run']} 次检查", f"run {reason['run']}").get(lang))
    changed = list((reason.get("facts") or {}).items())
    for name, (then, now) in changed[:_MOST_FACTS]:
        fact = find_fact(subject, name)
        shown = [fact_value(fact, value, lang) for value in (then, now)]
        parts.append(f"{fact_label(subject, name).get(lang)} {shown[0]} → {shown[1]}")
    if len(changed) > _MOST_FACTS:
        left = len(changed) - _MOST_FACTS
        parts.append(Text(f"另有 {left} 项", f"{left} more").get(lang))
    return Text("；", "; ").get(lang).join(part for part in parts if part)


def days_open(case: Case, as_of: dt.date) -> int | None:
    """Days from the first check in which it was a violation to the day of the latest one; None where it never was one."""
    return (as_of - case.first_on).days if case.first_on else None


def age(case: Case, as_of: dt.date) -> Text:
    """Since which check the finding stands, and how long that is by the day of the latest one."""
    days = days_open(case, as_of)
    if days is None:
        return Text("各次检查都没有判定为违规", "in no check was it a violation")
    return Text(
        f"自第 {case.first_run} 次检查（截至 {case.first_on}）起，{days} 天",
        f"since run {case.first_run} (as of {case.first_on}), {days} days",
    )


def step_told(event: Event, subject: str, lang: str) -> str:
    """What a step of the log says, beyond its name: proof and file, day, note, reason, the outcome that a strike-off rests on."""
    body = event.body
    parts = []
    if event.action == "prove":
        parts += [str(body.get("file")), f"SHA-256 {str(body.get('sha256'))[:12]}", str(body.get("proved_on"))]
        parts += [Text("已存入案卷", "kept with the case").get(lang)] if body.get("kept") else []
    if event.action == "close":
        outcome = OUTCOMES[body["outcome"]].get(lang) if body.get("outcome") in OUTCOMES else ""
        parts.append(Text(f"第 {body.get('passes_in_run')} 次检查：{outcome}", f"run {body.get('passes_in_run')}: {outcome}").get(lang))
        parts += [proofs_named(group).get(lang) for group in body.get("demanded") or ()]
    if event.action == "reopen":
        parts.append(why_reopened(body.get("reason"), subject, lang))
    if event.action == "report":
        parts.append(Text(f"{body.get('done_on')} 办结", f"done on {body.get('done_on')}").get(lang))
    if event.action == "revisit":
        parts += [REVISITS[body["found"]].get(lang) if body.get("found") in REVISITS else "", str(body.get("visited_by") or "")]
        parts.append(str(body.get("visited_on") or ""))
    if event.action not in CONCLUSIONS.values():  # a decision tells its own
        parts.append(str(body.get("note") or ""))
    return Text("，", ", ").get(lang).join(part for part in parts if part)


def source_told(event: Event, lang: str) -> str:
    """Where a decision was read: file, sheet, row; '' where it was typed."""
    source = event.body.get("source")
    if not source:
        return ""
    row = Text(f"第 {source['row']} 行", f"row {source['row']}").get(lang) if source.get("row") else ""
    return " > ".join(str(part) for part in (source.get("file"), source.get("sheet"), row) if part)
