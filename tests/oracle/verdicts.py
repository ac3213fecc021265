"""What is said of a subject, and in which order it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Verdict:
    """An outcome as the register names it, with the numbers that the rule tells."""

    outcome: str
    numbers: dict[str, object] = field(default_factory=dict)


def verdict(applies: bool | None, due: bool | None, violated: bool | None, exempt: bool = False, **numbers: object) -> Verdict:
    if applies is False:
        return Verdict("not_applicable")
    if applies and exempt:
        return Verdict("exempt")
    if applies is not None and due is False:
        return Verdict("not_due")
    if applies is None or due is None or violated is None:
        return Verdict("undetermined")
    return Verdict("violation", numbers) if violated else Verdict("pass")


def then(bound: bool | None, further: bool | None) -> bool | None:
    """Whether any duty binds is asked first: where that is unknown, nothing else makes a rule inapplicable."""
    return further if bound else bound
