"""``story.yaml``: in which order the findings of a project are told, and which of them says what is missing; strictly read. It judges
nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planning_check.assess import Leading
from planning_check.errors import Text
from planning_check.rulebook.nodes import Item, check_name, read_yaml
from planning_check.rulebook.rules import Rule

FILE = "story.yaml"
#: The stage of a rule that the story does not name.
OTHER = ("other", Text("其他", "other"))


@dataclass(frozen=True)
class Story:
    """``stages``: code and name in their order; ``of``: rule or family -> code of its stage. ``leading``: see ``assess.Leading``."""

    stages: dict[str, Text] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)
    leading: Leading = field(default_factory=Leading)

    def stage(self, rule_id: str) -> str:
        """The code of a rule's stage: its own, else that of its family."""
        return self.of.get(rule_id) or self.of.get(rule_id[:2]) or OTHER[0]

    def record(self) -> dict[str, dict[str, list[str]]]:
        """What it says, part by part, for comparing it with another."""
        leading = {"missing": self.leading.missing, "worth": self.leading.worth, "settled_by": self.leading.settled_by}
        stages = {code: [rule for rule, of in self.of.items() if of == code] for code in self.stages}
        return {"stages": stages, "leading": {name: list(rules) for name, rules in leading.items()}}

    def told(self) -> list[dict[str, str]]:
        """The stages as plain data for the record of a run, the one of what is not named last."""
        return [{"code": code, "zh": name.zh, "en": name.en} for code, name in (*self.stages.items(), OTHER)]


def story_of(folders: Sequence[Path], rules: Sequence[Rule]) -> Story:
    """What the last folder that has one says. Raises RulebookError with file:line."""
    path = next((folder / FILE for folder in reversed(folders) if (folder / FILE).exists()), None)
    return read_story(path, f"{path.parent.name}/{FILE}", rules) if path else Story()


def read_story(path: Path, name: str, rules: Sequence[Rule]) -> Story:
    """A story, held against the rules that there are: a rule stands in one stage; what is missing is said by rules on projects that give an
    area, what it is worth by such that give money."""
    item = read_yaml(path, name=name)
    item.mapping(("cite", "verified", "stages", "missing", "worth", "settled_by"))
    item.need("cite").text()
    item.need("verified").text(("yes", "no"))
    known = {rule.id: rule for rule in rules}
    stages: dict[str, Text] = {}
    of: dict[str, str] = {}
    for entry in item.need("stages").items():
        given = entry.mapping(("id", "zh", "en", "rules"))
        code = entry.need("id").text()
        check_name(code, given["id"])
        if code in stages or code == OTHER[0]:
            raise given["id"].fail(f"阶段 {code} 已经有了", f"the stage {code} is there already")
        stages[code] = Text(entry.need("zh").text(), entry.need("en").text())
        for one in entry.need("rules").items():
            rule = one.text((*known, *sorted({rule_id[:2] for rule_id in known})))
            if rule in of:
                raise one.fail(f"{rule} 已在阶段 {of[rule]}", f"{rule} is in the stage {of[rule]} already")
            of[rule] = code
    missing = _leading(item.need("missing"), known, "area_m2")
    worth = _leading(item.need("worth"), known, "yuan")
    settled = tuple(one.text((*missing, *worth)) for one in item.need("settled_by").items())
    lists = tuple(sorted({known[rule].list for rule in (*missing, *worth)}))
    return Story(stages, of, Leading(missing, worth, settled, lists))


def _leading(item: Item, known: dict[str, Rule], amount: str) -> tuple[str, ...]:
    found: list[str] = []
    for one in item.items():
        rule = known[one.text(tuple(known))]
        if rule.id in found:
            raise one.fail(f"{rule.id} 写了两次", f"{rule.id} is named twice")
        if rule.subject != "project" or amount not in rule.amounts:
            raise one.fail(f"{rule.id} 不是给项目算出 {amount} 的规则", f"{rule.id} is no rule that gives a project's {amount}")
        found.append(rule.id)
    return tuple(found)
