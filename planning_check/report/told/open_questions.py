"""What a list cannot say: how many of its verdicts are open, for want of what, and which registers nobody delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from planning_check.errors import Text
from planning_check.facts.dictionary import SUBJECTS
from planning_check.report.told.facts import fact_label, find_fact
from planning_check.report.told.numbers import counted, number
from planning_check.schema import BY_NAME

#: So many of the missing facts are named where a list is told in one line.
_NAMED = 2


@dataclass(frozen=True)
class Open:
    """The outcomes of one list: ``held`` all of them, ``judged`` those that are settled, ``undetermined`` the rest.

    ``missing``: the facts that hold up most of the rest, the first first; ``undelivered``: the registers that these, or the subjects
    themselves, would stand in and that the delivery does not hold.
    """

    held: int
    judged: int
    undetermined: int
    missing: tuple[Text, ...]
    undelivered: tuple[Text, ...]

    def nothing_found(self) -> Text:
        """What to say where no line is on the list. "None" is said only where everything was judged."""
        if not self.held:
            return _joined(
                Text("未检查（没有这类记录，或规则没有运行）", "not checked (no such records, or its rules were not run)"),
                self._undelivered(),
            )
        if not self.undetermined:
            return Text("没有", "none")
        return _joined(Text("没有查出", "none found"), self.rest()) if self.judged else self.rest()

    def rest(self) -> Text:
        """How many verdicts are open and why; nothing where none is."""
        if not self.undetermined:
            return Text("", "")
        why_zh = (
            f"（缺{'、'.join(m.zh for m in self.missing[:_NAMED])}{'等' if len(self.missing) > _NAMED else ''}）" if self.missing else ""
        )
        why_en = f" (for want of {', '.join(m.en for m in self.missing[:_NAMED])}{' and more' if len(self.missing) > _NAMED else ''})"
        said = Text(
            f"{'另有 ' if self.judged else ''}{number(self.undetermined)} 个结论{'' if self.judged else '都'}未能判定{why_zh}",
            f"{counted(self.undetermined, 'outcome')} could not be judged{why_en if self.missing else ''}",
        )
        return _joined(said, self._undelivered())

    def _undelivered(self) -> Text:
        if not self.undelivered:
            return Text("", "")
        return Text(f"没有交来：{'、'.join(t.zh for t in self.undelivered)}", f"not delivered: {', '.join(t.en for t in self.undelivered)}")


def _joined(one: Text, other: Text) -> Text:
    return Text(f"{one.zh}；{other.zh}", f"{one.en}; {other.en}") if other.zh else one


def open_of(rules: Iterable[Any], counts: Sequence[Any], unjudged: Sequence[Any], delivered: set[str]) -> Open:
    """``rules`` of one list (``RunRule``), its rows of ``RegisterCount`` and of ``Unjudged``; ``delivered``: the tables that were read."""
    subject_of = {rule.rule_id: rule.subject for rule in rules}
    undetermined = sum(c.subjects for c in counts if c.outcome in ("undetermined", "error"))
    held = sum(c.subjects for c in counts)
    weights: Counter[tuple[str, str]] = Counter()
    for row in unjudged:
        if row.rule_id in subject_of:
            for name in row.missing or ():
                weights[subject_of[row.rule_id], name] += row.subjects
    order = sorted(weights, key=lambda key: (-weights[key], key))
    labels = {fact_label(*key).zh: fact_label(*key) for key in order}
    wanted = (
        [table for key in order for table in _registers(*key)] if held else [next(iter(SUBJECTS[s].rows), "") for s in subject_of.values()]
    )
    registers = dict.fromkeys(table for table in wanted if table in BY_NAME and table not in delivered)
    return Open(held, held - undetermined, undetermined, tuple(labels.values()), tuple(BY_NAME[table].label for table in registers))


def _registers(subject: str, name: str) -> list[str]:
    """The tables that a fact is measured from, if it is one."""
    fact = find_fact(subject, name)
    return list(dict.fromkeys(cell.split(".")[0] for cell in fact.reads)) if fact else []
