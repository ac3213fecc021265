"""The system of record: every run of the check, never rewritten."""

from planning_check.store.balances import BalanceRow, balance_lines, community_names
from planning_check.store.evidence import Cell, Evidence, evidence
from planning_check.store.findings import Filters, count, findings
from planning_check.store.funds import FundRow, fund_lines
from planning_check.store.matches import coverage_lines, match_problem
from planning_check.store.opening import explained, open_store
from planning_check.store.problems import problems
from planning_check.store.runs import StoredRun, load_run, runs
from planning_check.store.saving import save_run
from planning_check.store.shapes import shapes
from planning_check.store.since import Since, since
from planning_check.store.told import Told
from planning_check.store.totals import RunTotals, totals

__all__ = [
    "BalanceRow",
    "Cell",
    "Evidence",
    "Filters",
    "FundRow",
    "RunTotals",
    "Since",
    "StoredRun",
    "Told",
    "balance_lines",
    "community_names",
    "count",
    "coverage_lines",
    "evidence",
    "explained",
    "findings",
    "fund_lines",
    "load_run",
    "match_problem",
    "open_store",
    "problems",
    "runs",
    "save_run",
    "shapes",
    "since",
    "totals",
]
