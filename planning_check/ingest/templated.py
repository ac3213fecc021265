"""Sheets of a template (:mod:`planning_check.template`): what nobody filled in is not delivered; what is said to be empty is.

Without this, the example of a sheet that nobody touched would be a register without records, and so mean that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from planning_check.ingest.plain import is_blank, plain
from planning_check.template import SAID_NONE, is_example, is_template, may_hold_examples, said_none


@dataclass(frozen=True)
class Form:
    """A sheet whose header was found, as a form. ``rows``: those below the header, an example that was left as it was being blank;
    ``answer``: to the question whether there is nothing to hand in."""

    rows: Iterator[list[str]]
    is_template: bool
    is_empty: bool
    answer: str

    @property
    def said_none(self) -> bool:
        """Whether somebody says that there is nothing to hand in."""
        return plain(self.answer) in SAID_NONE

    @property
    def is_untouched(self) -> bool:
        """Whether it is a template in which nobody wrote anything, so that it says nothing either."""
        return self.is_template and self.is_empty and not self.said_none


def as_form(above: Sequence[Sequence[str]], rows: Iterable[list[str]]) -> Form:
    """``above``: the rows over the header; ``rows``: those below it."""
    rows, seen, example = iter(rows), [], False
    first: list[list[str]] = []
    for row in rows:
        is_left = is_left_example(row)
        example = example or is_left
        if not is_left and not is_blank("".join(row)):
            first.append(row)
            break
        seen.append([] if is_left else row)
    return Form(chain(seen, first, rows), example or is_template(above), not first, said_none(above))


def is_left_example(row: Sequence[str]) -> bool:
    """Whether a row is the example of a template as it was."""
    return may_hold_examples("".join(row)) and all(is_example(cell) for cell in row if not is_blank(cell))
