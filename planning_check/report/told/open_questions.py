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
from planning_check.template import tables

#: So many of the missing facts are named where a list is told in one line.
_NAMED = 2
_NOTHING = Text("", "")


@dataclass(frozen=True)
class Open:
    """The outcomes of one list: ``held`` all of them, ``judged`` those that are settled, ``undetermined`` the rest.

    ``missing``: the facts that hold up most of the rest, the first first; ``undelivered``: the registers that these, or the subjects
    themselves, would stand in and that the delivery does not hold. ``without_office``: communities of which no office is on record, on a
    list of offices: there is no outcome for what nobody told. ``elsewhere``: what of the whole nobody looked at, such as
    cities of a province; '' for nothing.
    """

    held: int
    judged: int
    undetermined: int
    missing: tuple[Text, ...]
    undelivered: tuple[Text, ...]
    without_office: int = 0
    elsewhere: Text = _NOTHING

    @property
    def is_whole(self) -> bool:
        """Whether everything that belongs on the list was told and judged."""
        return bool(self.held) and not self.undetermined and not self.without_office and not self.elsewhere.zh

    def nothing_found(self) -> Text:
        """What to say where no line is on the list. "None" is said only where everything was judged."""
        if not self.held:
            return _joined(
                Text("未检查（没有这类记录，或规则没有运行）", "not checked (no such records, or its rules were not run)"),
                self._undelivered(),
            )
        if self.is_whole:
            return Text("没有", "none")
        return _joined(Text("没有查出", "none found"), self.rest()) if self.judged else self.rest()

    def rest(self) -> Text:
        """How many verdicts are open and why; nothing where none is."""
        if not self.undetermined:
            return _joined(self._untold(), self.elsewhere)
        why_zh = (
            f"（缺{'、'.join(m.zh for m in self.missing[:_NAMED])}{'等' if len(self.missing) > _NAMED else ''}）" if self.missing else ""
        )
        why_en = f" (for want of {', '.join(m.en for m in self.missing[:_NAMED])}{' and more' if len(self.missing) > _NAMED else ''})"
        said = Text(
            f"{'另有 ' if self.judged else ''}{number(self.undetermined)} 个结论{'' if self.judged else '都'}未能判定{why_zh}",
            f"{counted(self.undetermined, 'outcome')} could not be judged{why_en if self.missing else ''}",
        )
        return _joined(_joined(_joined(said, self._untold()), self._undelivered()), self.elsewhere)

    def _untold(self) -> Text:
        if not self.without_office:
            return Text("", "")
        return Text(
            f"{number(self.without_office)} 个社区没有办公用房记录",
            f"no office on record in {number(self.without_office)} of the communities",
        )

    def _undelivered(self) -> Text:
        if not self.undelivered:
            return Text("", "")
        return Text(f"没有交来：{'、'.join(t.zh for t in self.undelivered)}", f"not delivered: {', '.join(t.en for t in self.undelivered)}")


def remedy(undelivered: Iterable[Text]) -> Text | None:
    """What to do about registers that were not delivered, and how to say that there are none; None where there are no such registers.
    (What needs a shape cannot be said to be none in a workbook.)"""
    able = [table.label for table in tables()]
    named = [label for label in dict.fromkeys(undelivered) if label in able]
    if not named:
        return None
    zh, en = "、".join(label.zh for label in named), ", ".join(label.en for label in named)
    return Text(
        f"没有交来的表：{zh}。有记录的请交来；核实确实没有的，在填报模板（planning-check template）该表的“本表确无记录”旁填“是”，"
        "或交一张只有表头的空表，就按“没有”判定",
        f"Registers not delivered: {en}. Deliver them; where it is verified that there are none, type yes beside 'There is none' in the "
        "template (planning-check template), or deliver the headings alone, and it is judged as none",
    )


def _joined(one: Text, other: Text) -> Text:
    return Text(f"{one.zh}；{other.zh}", f"{one.en}; {other.en}") if one.zh and other.zh else other if other.zh else one


def open_of(
    rules: Iterable[Any], counts: Sequence[Any], unjudged: Sequence[Any], delivered: set[str], without_office: int = 0,
    elsewhere: Text = _NOTHING,
) -> Open:  # fmt: skip
    """``rules`` of one list (``RunRule``), its rows of ``RegisterCount`` and of ``Unjudged``; ``delivered``: the tables that were read;
    ``without_office``: communities whose office nobody told; ``elsewhere``: see ``Open``."""
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
    untold = without_office if "office" in subject_of.values() else 0
    named = tuple(BY_NAME[table].label for table in registers)
    return Open(held, held - undetermined, undetermined, tuple(labels.values()), named, untold, elsewhere)


def _registers(subject: str, name: str) -> list[str]:
    """The tables that a fact is measured from, if it is one."""
    fact = find_fact(subject, name)
    return list(dict.fromkeys(cell.split(".")[0] for cell in fact.reads)) if fact else []
