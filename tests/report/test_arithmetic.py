"""Formulas shown as they applied: the branches taken, the numbers put in, and honest where that cannot be told."""

from pathlib import Path

import pytest

from planning_check.report.told.arithmetic import taken
from planning_check.report.told.formula import NotRead, read, show
from planning_check.rulebook.loading import load
from planning_check.rulebook.texts import rule_record

VALUES = {
    "law.base": "total", "law.tiers": None, "law.share": "0.01", "law.minimum_m2": "0", "law.in_lieu": "whole_only", "total_m2": "62000.00",
    "base_m2": "62000.00", "in_lieu_m2": "100.00", "completed_on": "2010-05", "handed_on": "2010-05-04",
    "as_of": "2011-06-30", "gone": None,
    "is_filed": "true", "use": "shop",
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "applied", "put_in"),
    [
        ("case law.base when 'total' then total_m2 when 'counted' then counted_m2 end", "total_m2", "62000.00"),
        (
            "greatest(case when law.tiers is not null then step(law.tiers, base_m2) else round(law.share * base_m2, 2) end, "
            "coalesce(law.minimum_m2, 0))",
            "greatest(round(law.share * base_m2, 2), law.minimum_m2)",
            "greatest(round(0.01 * 62000.00, 2), 0)",
        ),
        ("coalesce(gone, law.share, 3)", "law.share", "0.01"),
        ("coalesce(gone, other)", "other", "other"),
        ("case when law.in_lieu = 'whole_only' and in_lieu_m2 >= base_m2 then in_lieu_m2 else 0 end", "0", "0"),
        ("case when handed_on < as_of then 1 else 2 end", "1", "1"),
        ("case when not is_filed then 1 end", "case when not is_filed then 1 end", "case when not true then 1 end"),
        ("case when use not in ('community', 'vacant') then 1 else 2 end", "1", "1"),
        ("(base_m2 - 1) * 2 between 1 and 2", "(base_m2 - 1) * 2 between 1 and 2", "(62000.00 - 1) * 2 between 1 and 2"),
        ("project.base_m2 + 1", "project.base_m2 + 1", "62000.00 + 1"),
        ("gone is null or -gone > 1", "gone is null or -gone > 1", "? is null or -? > 1"),
        ("handed_on <= date '2010-01-01'", "handed_on <= date '2010-01-01'", "2010-05-04 <= date '2010-01-01'"),
    ],
)
def test_branches_and_numbers(formula, applied, put_in):
    assert taken(formula, VALUES)[:2] == (applied, put_in)


@pytest.mark.parametrize(
    "formula",
    [
        "case when completed_on < as_of then 1 else 2 end",  # known to the month only
        "case when gone > 1 then 1 else 2 end",  # not known
        "case when has_any(uses, law.uses) then 1 else 2 end",  # not told here
        "case when base_m2 = use then 1 else 2 end",  # of two kinds
    ],
)
def test_where_it_cannot_be_told_all_branches_stay(formula):
    assert taken(formula, VALUES)[0] == formula


def test_the_condition_that_chose_a_branch_counts_as_read():
    assert taken("case law.base when 'total' then total_m2 end", VALUES)[2] == {"law.base", "total_m2"}


@pytest.mark.parametrize("text", ["a / b", "a = ", "case when a then b", "count(a where b)", "(a, b)", "a || b", "'open"])
def test_what_is_not_of_the_language_is_shown_as_it_stands(text):
    with pytest.raises(NotRead):
        read(text)
    assert taken(text, VALUES) == (text, text, frozenset())


def test_every_expression_of_the_rules_is_read_and_shown_as_written():
    book = load([Path(__file__).parents[2] / "rules"])
    shown = 0
    for rule in book.rules:
        record = rule_record(rule, book.measures, book.widths)
        formulas = [s["of"] for s in record["steps"]] + [c["when"] for c in record["applies_when"]]
        formulas += [f for f in (record["violated_when"], record["due_when"], record["exempt_when"], record["status_of"]) if f]
        for formula in formulas:
            if not formula.startswith(("count(", "sum(", "first(", "last(", "from_other_phases(")):
                assert show(read(formula), {}).lower() == " ".join(formula.split()).lower()
                shown += 1
    assert shown > 100
