"""The line of arithmetic of a finding: it comes out by the numbers shown, and each of them says where it is from."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from planning_check.record.evidence import Cell, Evidence
from planning_check.report.told.equation import Number, equations, shown
from planning_check.report.told.explaining import explain
from planning_check.store import Filters, Told, cells_of, findings, load_run, open_store, totals
from tests import city


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """Of every violation of the bundled city: its finding and its equations."""
    engine = open_store(city.checked(tmp_path_factory.mktemp("equations")), write=False)
    run = load_run(engine, 1)
    rules = {rule.rule_id: rule for rule in totals(engine, run.id).rules}
    with Told(run.id) as told:
        found = list(findings(engine, run.id, Filters(outcome="violation"), told))
    wanted = {}
    for one in found:
        wanted.setdefault(one["rule_id"], []).append(one["subject_key"])
    cells = cells_of(engine, run.id, wanted)
    return [
        (one, equations(explain(Evidence(run, rules[one["rule_id"]], one["subject_key"], "violation", one,
                                         tuple(cells[one["rule_id"], one["subject_key"]])))))
        for one in found
    ]  # fmt: skip


def of(lines, rule, key):
    return next(equation for one, equation in lines if (one["rule_id"], one["subject_key"]) == (rule, key))


def by_calculator(text):
    """The value of a line without its results, as somebody types it: read by Python, not by what made it."""
    typed = text.replace(",", "").replace("×", "*").replace("÷", "/")
    typed = re.sub(r"([\d.]+) %", r"(\1/100)", typed)
    return eval(re.sub(r"[\d.]+", lambda number: f"Fraction('{number[0]}')", typed), {"Fraction": Fraction})


def test_what_a_project_lacks_and_its_worth_are_one_line_from_the_cells_to_the_sum(lines):
    [line] = of(lines, "AR03", "XM2006065")
    assert " ".join(shown(line, "zh")) == "23,652.43 × 1 % - 118.19 - 118.26 = 0.07 ㎡ × 2,140.00 = 149.80 元"
    numbers = [term for term in line if isinstance(term, Number)]
    assert [one.label.en for one in numbers[:3]] == ["As-built survey total floor area", "share of floor area", "area paid in lieu"]
    assert [(o.where.sheet, o.where.row, o.raw) for o in numbers[0].origins] == [("项目竣工测绘", 66, "23652.43")]
    assert "百分之一" in numbers[1].cite.zh and not numbers[1].origins
    assert [o.raw for o in numbers[3].origins] == ["118.26"], "the room that counts"
    assert [(o.where.sheet, o.raw) for o in numbers[5].origins] == [("折资单价", "2140")], "the price of its zone on the day, and no other"


def test_every_line_comes_out_by_the_numbers_shown(lines):
    told = [(one, equation) for one, all_ in lines for equation in all_]
    assert {"AR01", "AR02", "AR03", "AR04", "AR05", "HO01", "HO02", "HO05", "MO01", "MO02", "MO05", "OF03"} <= {
        one["rule_id"] for one, _ in told
    }
    for one, equation in told:
        text = " ".join(shown(equation, "zh"))
        first, *results = text.split(" = ")
        value = by_calculator(first)
        for result in results:
            number, *more = result.split(" ", 2)
            assert abs(value - Fraction(number.replace(",", ""))) <= Fraction("0.005"), (one["rule_id"], one["subject_key"], text)
            price = more[1].removeprefix("× ") if len(more) > 1 else ""
            value = Fraction(number.replace(",", "")) * (by_calculator(price) if price else 1)
        last = equation[-1]
        assert Decimal(last.value) in (one["area_m2"], one["yuan"], one["yuan_min"]), text


def test_every_number_says_where_it_is_from(lines):
    """A cell, the law, or the formula that it was worked out by."""
    for one, all_ in lines:
        for equation in all_:
            for place, term in enumerate(equation):
                if isinstance(term, Number) and not (place and equation[place - 1] == "="):
                    assert term.origins or term.cite.zh or term.formula or term.label.en == "number of the rule", (one["rule_id"], term)


def test_a_room_taken_over_as_it_is_has_no_line(lines):
    assert of(lines, "US01", next(one["subject_key"] for one, _ in lines if one["rule_id"] == "US01")) == ()


def test_a_share_of_a_deposit_is_told_by_what_lacks_and_what_is_owed(lines):
    _, money = of(lines, "MO05", "XM2006040")
    assert " ".join(shown(money, "en")) == "160,000.00 × 117.55 ÷ 117.55 = 160,000.00 yuan"
    assert [term.label.zh for term in money if isinstance(term, Number)][:3] == ["保证金余额", "尚未移交面积", "应移交实物面积"]


def test_the_cells_of_many_findings_at_once_are_those_of_each(tmp_path):
    engine = open_store(city.checked(tmp_path), write=False)
    keys = ["XM2006065", "XM2005022"]
    together = cells_of(engine, 1, {"AR03": keys, "AR01": keys[1:]})
    assert set(together) == {("AR03", keys[0]), ("AR03", keys[1]), ("AR01", keys[1])}
    for (rule, key), cells in together.items():
        assert cells == cells_of(engine, 1, {rule: [key]})[rule, key] and all(isinstance(cell, Cell) for cell in cells)
