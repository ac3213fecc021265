"""What waits for a register or a column that nobody delivered: each open outcome once, whichever of its missing facts reads it."""

from types import SimpleNamespace

from planning_check.report.told.waiting import Lacking, held_up, waiting


def row(rule, subjects, *missing):
    return SimpleNamespace(rule_id=rule, missing=list(missing), subjects=subjects)


def test_an_outcome_counts_once_with_a_register_however_many_of_its_facts_read_it():
    found = waiting({"MO04": "project"}, [row("MO04", 7, "deposit_due_yuan", "deposit_paid_yuan"), row("MO04", 2, "uses")])
    assert found.tables["deposits"] == 7 and found.tables["projects"] == 2
    assert found.cells["deposits.amount_yuan"] == 7 and found.cells["projects.uses"] == 2


def test_facts_of_the_project_and_of_other_phases_are_read_from_the_projects():
    found = waiting(
        {"HO01": "premises", "AR03": "project"}, [row("HO01", 3, "project.completed_on"), row("AR03", 4, "phases.completed_on")]
    )
    assert found.cells["projects.completed_on"] == 7


def test_what_is_no_field_of_a_register_is_asked_of_nobody():
    found = waiting({"AR01": "project"}, [row("AR01", 5, "law.share", "law_state"), row("AR01", 1)])
    assert not found.cells and not found.tables


def test_only_what_is_not_there_and_is_waited_for_lacks():
    found = waiting({"AR03": "project"}, [row("AR03", 4, "completed_on"), row("AR03", 9, "uses")])
    assert found.columns("projects", {"uses"}) == (Lacking("projects", "completed_on", "housing", 4),)
    assert [one.field for one in found.columns("projects", set())] == ["uses", "completed_on"]
    assert [one.table for one in found.registers(set())] == ["projects"] and found.registers({"projects"}) == ()


def test_one_outcome_and_none_are_said_as_such():
    assert held_up(1).en == " (1 open outcome would read it)" and held_up(1_234).zh == "（1,234 个未判结论要用）"
    assert held_up(0).en == held_up(0).zh == ""
