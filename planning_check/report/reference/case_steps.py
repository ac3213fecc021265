"""The steps of a case as a table of docs/after_the_meeting.md, generated from ``cases.MOVES``:
``python -m planning_check.report.reference.case_steps``."""

from __future__ import annotations

import re
from pathlib import Path

from planning_check.cases import CONCLUSIONS, MOVES, ROLES, STATES, Move, must_say
from planning_check.errors import Text

_COMMANDS = {"revisit": "revisit"}
BEGINS, ENDS = "<!-- steps: generated -->", "<!-- /steps -->"


def render() -> str:
    """The table as Markdown: who may take which step from which state, where it leads, what it must say, and by which command."""
    lines = ["| step 步骤 | from 从 | to 到 | who 谁 | says 写明 | command 命令 |", "|---|---|---|---|---|---|"]
    return "\n".join([*lines, *map(_line, MOVES)])


def _line(move: Move) -> str:
    every = len(move.before) == len(STATES)
    before = "any 任何" if every else "<br>".join(_both(STATES[state]) for state in move.before)
    needs = "<br>".join(_both(word) for word in must_say(move))
    command = "decide" if move.action in CONCLUSIONS.values() else _COMMANDS.get(move.action, f"case {move.action}")
    who = "<br>".join(_both(ROLES[role]) for role in move.who)
    after = _both(STATES[move.after]) if move.after else "-"
    return f"| {_both(move.label)} | {before} | {after} | {who} | {needs} | `{command}` |"


def _both(word: Text) -> str:
    return f"{word.zh} {word.en}"


def placed(page: str) -> str:
    """The page with the table as it is now."""
    return re.sub(f"{BEGINS}.*?{ENDS}", lambda _: f"{BEGINS}\n{render()}\n{ENDS}", page, flags=re.DOTALL)


if __name__ == "__main__":
    path = Path(__file__).parents[3] / "docs" / "after_the_meeting.md"
    path.write_text(placed(path.read_text("utf-8")), encoding="utf-8")
    print(f"wrote {path.name}")
