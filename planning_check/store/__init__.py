"""The system of record: every run of the check, never rewritten."""

from planning_check.record.evidence import Cell, Evidence
from planning_check.record.run import BalanceRow, FundRow, Since, StoredRun
from planning_check.store.balances import balance_lines, community_names
from planning_check.store.between import stood_before, things, verdicts_between
from planning_check.store.checking import Checked, check_runs, guarded, reading
from planning_check.store.choosing import led
from planning_check.store.corrections import corrections, disagreements, outcomes_without
from planning_check.store.decided import decided
from planning_check.store.differing import Difference, first_difference
from planning_check.store.evidence import cells_of, days_of, evidence, project_days
from planning_check.store.finding_proof import NoProof, Proven, check_proof, proof
from planning_check.store.findings import Filters, count, developer_codes, findings
from planning_check.store.funds import fund_cells, fund_lines
from planning_check.store.keyed_lines import KeyedLine, keyed_lines
from planning_check.store.league import LeagueRows, league_rows
from planning_check.store.log import Broken, Entry, Head, append, check_log, events, head, head_of, latest_check, reopened_by
from planning_check.store.matches import coverage_lines, match_problem
from planning_check.store.meanings import explained
from planning_check.store.opening import open_store, upgrade
from planning_check.store.population import struck_off_to_draw, violations_to_draw
from planning_check.store.problems import problems
from planning_check.store.runs import RunLine, latest_of_series, load_run, rules_of, run_lines, runs
from planning_check.store.saving import AlreadyLoaded, save_run
from planning_check.store.shapes import shapes
from planning_check.store.since import since
from planning_check.store.standing import cases, standings
from planning_check.store.told import Told
from planning_check.store.totals import RunTotals, totals
from planning_check.store.unchecked import unchecked
from planning_check.store.upgrading import Upgraded, back_up

__all__ = [
    "AlreadyLoaded",
    "BalanceRow",
    "Broken",
    "Cell",
    "Checked",
    "Difference",
    "Entry",
    "Evidence",
    "Filters",
    "FundRow",
    "Head",
    "KeyedLine",
    "LeagueRows",
    "NoProof",
    "Proven",
    "RunLine",
    "RunTotals",
    "Since",
    "StoredRun",
    "Told",
    "Upgraded",
    "append",
    "back_up",
    "balance_lines",
    "cases",
    "cells_of",
    "check_log",
    "check_proof",
    "check_runs",
    "community_names",
    "corrections",
    "count",
    "coverage_lines",
    "days_of",
    "decided",
    "developer_codes",
    "disagreements",
    "events",
    "evidence",
    "explained",
    "findings",
    "first_difference",
    "fund_cells",
    "fund_lines",
    "guarded",
    "head",
    "head_of",
    "keyed_lines",
    "latest_check",
    "latest_of_series",
    "league_rows",
    "led",
    "load_run",
    "match_problem",
    "open_store",
    "outcomes_without",
    "problems",
    "project_days",
    "proof",
    "reading",
    "reopened_by",
    "rules_of",
    "run_lines",
    "runs",
    "save_run",
    "shapes",
    "since",
    "standings",
    "stood_before",
    "struck_off_to_draw",
    "things",
    "totals",
    "unchecked",
    "upgrade",
    "verdicts_between",
    "violations_to_draw",
]
