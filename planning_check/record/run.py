"""A run as it is recorded, and what belongs to it: its balance, its money, what is new and gone since the one before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planning_check.errors import Text


@dataclass(frozen=True)
class StoredRun:
    """One recorded run. ``manifest`` is what it depended on; ``title`` and ``notice`` are the delivery's own;
    ``root`` is over all its rows."""

    id: int
    digest: str
    as_of: dt.date
    created_at: str
    tool_version: str
    title: Text | None
    notice: Text | None
    manifest: dict[str, Any]
    series: str
    parent_run_id: int | None
    root: str | None


@dataclass(frozen=True)
class BalanceRow:
    """One project: areas in m2, money in yuan; ``missing`` and ``documents`` are comma-joined codes,
    ``share_parts`` community codes with millionths of its land."""

    project_id: str
    project_name: str | None
    district_code: str | None
    district_name: str | None
    developer_name: str | None
    developer_code: str | None
    state: str
    required_m2: Decimal | None
    handed_m2: Decimal | None
    in_lieu_m2: Decimal | None
    waived_m2: Decimal | None
    residual_m2: Decimal | None
    residual_yuan: Decimal | None
    surplus_m2: Decimal | None
    twice_m2: Decimal | None
    missing: str | None
    documents: str | None
    share_parts: str | None


@dataclass(frozen=True)
class FundRow:
    """One movement, as in :class:`planning_check.store.models.FundLine`; without a sum where a register is not whole."""

    project_id: str | None
    project_name: str | None
    district_code: str | None
    district_name: str | None
    is_in_ledger: str | None
    community_code: str | None
    community_name: str | None
    is_own: str | None
    year: int | None
    what: str
    register: str
    item: str | None
    yuan: Decimal | None
    counts: str
    spent_on: str | None
    on_lo: dt.date | None
    on_hi: dt.date | None


@dataclass(frozen=True)
class Gone:
    """A violation of the run before that this one has not.

    ``outcome_now``: undetermined, error or exempt where this run has it so; None where it passes, or is not delivered any more. A violation
    that can no longer be judged is gone from the list, but nobody cured it.
    """

    rule_id: str
    list: str
    subject_key: str
    area_m2: Decimal | None
    yuan: Decimal | None
    outcome_now: str | None
    message_zh: str | None
    message_en: str | None


@dataclass(frozen=True)
class Since:
    """Violations by their fingerprint, this run against the one before: ``new`` as fingerprints, ``gone`` in the order of the other run."""

    run_id: int
    as_of: str
    new: frozenset[str]
    gone: list[Gone]
