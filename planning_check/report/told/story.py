"""The findings of a line as steps of one story: plan, permit, as built, handover, deposit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.summary import ListLine


@dataclass(frozen=True)
class Step:
    """One stage of the story, and the titles of the rules that the line fails there."""

    stage: Text
    rules: tuple[Text, ...]


def steps(line: ListLine, rules: Sequence[Any], stages: Sequence[Mapping[str, str]]) -> list[Step]:
    """Of the rules that a line fails, in the order of the story."""
    failed = [rule for rule in rules if rule.rule_id in line.rules]
    return [Step(stage, tuple(Text(rule.title_zh, rule.title_en) for rule in some)) for stage, some in in_order(failed, stages)]


def in_order(rules: Sequence[Any], stages: Sequence[Mapping[str, str]]) -> list[tuple[Text, list[Any]]]:
    """The stages of the story that have some of these rules, and which. ``rules``: of the run, with their ``text``; ``stages``: those of
    its manifest; rules of no stage come last, without a name for their stage."""
    found: dict[str, list[Any]] = {code: [] for code in (*(stage["code"] for stage in stages), "")}
    for rule in sorted(rules, key=lambda rule: rule.rule_id):
        code = (rule.text or {}).get("stage", "")
        found[code if code in found else ""].append(rule)
    names = {stage["code"]: Text(stage["zh"], stage["en"]) for stage in stages} | {"": Text("", "")}
    return [(names[code], some) for code, some in found.items() if some]


def steps_text(told: Sequence[Step]) -> Text:
    """The steps in one sentence: "规划：规划阶段面积不足；移交：应移交未移交"."""
    zh = "；".join((f"{step.stage.zh}：" if step.stage.zh else "") + "、".join(rule.zh for rule in step.rules) for step in told)
    en = "; ".join((f"{step.stage.en}: " if step.stage.en else "") + ", ".join(rule.en for rule in step.rules) for step in told)
    return Text(zh, en)
