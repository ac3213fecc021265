"""What the reports of one run are made from: read once, in the order of the run, the same for every kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planning_check.record.finding import Finding
from planning_check.report.told.summary import Summary
from planning_check.words import SEVERITIES


@dataclass(frozen=True)
class Pack:
    """One recorded run for its reports.

    ``run``: ``store.StoredRun`` (id, digest, as_of, tool_version, title, notice, manifest with inputs and rules).
    ``summary``: with every line of every list. ``rules``: rows of rule_id, subject, list, severity, responsible, consequence,
    title_zh, title_en, text (the rule as people read it). ``findings``: called with the choices of
    ``store.Filters`` gives the findings one dict each, streamed (keys: ``store.findings``); ``count`` the same, how many.
    ``balance``: rows of ``store.BalanceRow``. ``shapes``: rows of subject (parcel, premises, community, office, idle_facility),
    subject_key, project_id, name, crs, geometry (WKB). ``problems``: every problem of the delivery. ``since``: what is new (fingerprints)
    and gone against the run before, None for the first. ``templates``: folder of an office's own templates of notices.
    ``coverage``: ``report.coverage.Coverage`` by district; ``matching``: ``report.matching.Matching``; None for runs that recorded none.
    ``funds``: ``report.funds.Closing`` by project, community and year.
    """

    run: Any
    summary: Summary
    rules: Sequence[Any]
    findings: Callable[..., Iterator[Finding]]
    count: Callable[..., int]
    balance: Sequence[Any]
    shapes: Callable[[], Sequence[Any]]
    problems: Sequence[Any]
    since: Any
    templates: Path | None = None
    coverage: Any = None
    matching: Any = None
    funds: Sequence[Any] = ()

    def gravest(self, most: int, **chosen: Any) -> Iterator[Finding]:
        """The findings of a choice by severity, the gravest first, at most so many."""
        for severity in SEVERITIES:
            if most <= 0:
                return
            for finding in self.findings(severity=severity, limit=most, **chosen):
                most -= 1
                yield finding
