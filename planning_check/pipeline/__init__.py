"""The use cases, each read like a recipe: check, list, explain and balance a run; list, test, compare the law."""

from planning_check.pipeline.as_known import as_known
from planning_check.pipeline.bundling import bundle
from planning_check.pipeline.cases import Step, case_file, case_list, proof_kinds, take_steps
from planning_check.pipeline.controls import controls
from planning_check.pipeline.database import (
    back_up_database,
    check_database,
    check_log,
    read_of_several,
    runs_list,
    shown_address,
    upgrade_database,
)
from planning_check.pipeline.deciding import understand, understand_one, write_decisions
from planning_check.pipeline.differing import differ
from planning_check.pipeline.due import due
from planning_check.pipeline.finding_proof import proof_text, verify_proof
from planning_check.pipeline.forms import write_templates
from planning_check.pipeline.health import look_over
from planning_check.pipeline.law import (
    overridden,
    rules_diff,
    rules_list,
    rules_page,
    rules_test,
    rules_tried,
    silences,
    simulate,
    thresholds,
)
from planning_check.pipeline.law_check import rules_check
from planning_check.pipeline.law_history import law_history, law_on
from planning_check.pipeline.looking import look
from planning_check.pipeline.moved import Moved
from planning_check.pipeline.naming import rules_facts, rules_subjects
from planning_check.pipeline.options import Options
from planning_check.pipeline.recorded import (
    Found,
    balance,
    coverage,
    dossier,
    explain_rule,
    explain_subject,
    export,
    findings,
    fund_gaps,
    funds,
    led,
    like,
    match,
    rents,
    unchecked,
)
from planning_check.pipeline.repeating import repeated
from planning_check.pipeline.reporting import Report, report
from planning_check.pipeline.rooms import idle, untitled
from planning_check.pipeline.rules import bundled, load_rules
from planning_check.pipeline.running import CheckResult, Progress, check
from planning_check.pipeline.sampling import read_sample, sample
from planning_check.pipeline.siting import plan, programme
from planning_check.pipeline.starting import start
from planning_check.pipeline.trends import trends
from planning_check.pipeline.unbundling import verify_bundle
from planning_check.pipeline.verifying import verify
from planning_check.pipeline.waiving import waivers_on

__all__ = [
    "CheckResult",
    "Found",
    "Moved",
    "Options",
    "Progress",
    "Report",
    "Step",
    "as_known",
    "back_up_database",
    "balance",
    "bundle",
    "bundled",
    "case_file",
    "case_list",
    "check",
    "check_database",
    "check_log",
    "controls",
    "coverage",
    "differ",
    "dossier",
    "due",
    "explain_rule",
    "explain_subject",
    "export",
    "findings",
    "fund_gaps",
    "funds",
    "idle",
    "law_history",
    "law_on",
    "led",
    "like",
    "load_rules",
    "look",
    "look_over",
    "match",
    "overridden",
    "plan",
    "programme",
    "proof_kinds",
    "proof_text",
    "read_of_several",
    "read_sample",
    "rents",
    "repeated",
    "report",
    "rules_check",
    "rules_diff",
    "rules_facts",
    "rules_list",
    "rules_page",
    "rules_subjects",
    "rules_test",
    "rules_tried",
    "runs_list",
    "sample",
    "shown_address",
    "silences",
    "simulate",
    "start",
    "take_steps",
    "thresholds",
    "trends",
    "unchecked",
    "understand",
    "understand_one",
    "untitled",
    "upgrade_database",
    "verify",
    "verify_bundle",
    "verify_proof",
    "waivers_on",
    "write_decisions",
    "write_templates",
]
