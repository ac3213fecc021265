"""What a rule may read: the subjects, and every name that a rule on one of them knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check import following
from planning_check.errors import Text, UsageError
from planning_check.pipeline.rules import load_rules

if TYPE_CHECKING:
    from planning_check.rulebook.names import Named


def rules_facts(subject: str, rule_dirs: Sequence[Path] = ()) -> Named:
    """What a rule on a subject may read. Raises UsageError for a subject that there is not, RulebookError as ``load_rules``."""
    from planning_check.facts.dictionary import SUBJECTS
    from planning_check.rulebook.names import named
    from planning_check.rulebook.nodes import hint

    book = load_rules(rule_dirs)
    asked = subject.strip()
    with following.in_force(book.own):
        found = next((one for one in SUBJECTS.values() if asked.lower() in (one.name, one.label.zh, one.label.en.lower())), None)
        if found is None:
            near = hint(asked, SUBJECTS)
            raise UsageError(
                Text(f"没有“{asked}”这类判定对象", f"no subject {asked}"),
                fix=Text(f"可用：{near}；planning-check rules facts 列出全部", f"there are {near}; planning-check rules facts lists all"),
            )  # fmt: skip
        return named(book, found)


def rules_subjects(rule_dirs: Sequence[Path] = ()) -> list[Named]:
    """The same of every subject. Raises as ``load_rules``."""
    from planning_check.rulebook.names import all_named

    book = load_rules(rule_dirs)
    with following.in_force(book.own):
        return all_named(book)
