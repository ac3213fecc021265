"""The oracle's verdicts and the package's side by side: every difference as one line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tests.oracle.judge import Auditor

Answers = dict[tuple[str, str], dict]
#: What a rule's violation must tell to the hundredth: the oracle's name -> the package's.
NUMBERS = {
    **{rule: {"shortfall_m2": "shortfall_m2"} for rule in ("AR01", "AR02", "AR03", "HO07")},
    "MO05": {"stage": "status", "whole_yuan": "whole_yuan", "part_yuan": "proportional_yuan"},
}


def differences(auditor: Auditor, said: Answers) -> dict[tuple[str, str], str]:
    """(rule, subject) -> what each says, wherever they do not say the same."""
    found = {}
    right = auditor.judge()
    for key, own in right.items():
        other = said.get(key)
        if other is None:
            found[key] = f"right {own.outcome}, nothing said"
        elif other["outcome"] != own.outcome:
            found[key] = f"right {own.outcome}, said {other['outcome']}"
        elif own.outcome == "violation":
            for name, theirs in NUMBERS.get(key[0], {}).items():
                if not _same(own.numbers[name], other[theirs]):
                    found[key] = f"{name}: right {own.numbers[name]}, said {other[theirs]}"
    judged = {rule for rule, _ in right}
    found |= {key: f"said {other['outcome']}, no such subject" for key, other in said.items() if key[0] in judged and key not in right}
    found |= dict(_of_land(auditor, said))
    return found


def _same(one: object, other: object) -> bool:
    return Decimal(one) == Decimal(other) if isinstance(one, Decimal) and other is not None else one == other


def _of_land(auditor: Auditor, said: Answers) -> Iterator[tuple[tuple[str, str], str]]:
    """Shares to a hundredth of a percent, overlaps to 0.02 m2 (the same land on the same plane, cut by two programs)."""
    for (rule, key), other in said.items():
        if rule == "HO08":
            parts = [part.split() for part in (other["all"]["community_shares"] or "").split(", ") if part]
            told = {code: float(share.rstrip("%")) for code, share in parts}
            own = {code: share * 100 for code, share in auditor.shares.get(key, {}).items()}
            if set(told) != set(own) or any(abs(told[code] - own[code]) > 0.01 for code in own):
                yield ("shares", key), f"right {own}, said {told}"
    overlaps = auditor.ground.overlaps()
    told = {key: float(other["all"]["overlap_m2"]) for (rule, key), other in said.items() if rule == "GE02" and other["overlaps"]}
    for key in sorted(set(overlaps) | set(told)):
        if abs(overlaps.get(key, 0.0) - told.get(key, 0.0)) > 0.02:
            yield ("overlap", key), f"right {overlaps.get(key)}, said {told.get(key)}"
