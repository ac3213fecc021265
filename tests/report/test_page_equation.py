"""The arithmetic of an opened finding in a real Chromium: a line whose numbers open to the cell, the law or the price they are from."""

import pytest

from tests.outside import require

pytestmark = require("chromium")
AR03 = "#AR03/XM2006065"


def opened(visit, lang, width):
    tab = visit(AR03, lang=lang, width=width)
    return tab, tab.locator("details.finding[open] .working").first


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_each_number_opens_to_where_it_is_from(visit, width):
    tab, working = opened(visit, "zh", width)
    line = working.locator(".equation")
    assert line.inner_text().replace(" ", " ") == "23,652.43 × 1 % - 118.19 - 118.26 = 0.07 ㎡ × 2,140.00 = 149.80 元"
    assert working.locator(".from:visible").count() == 0
    numbers = line.get_by_role("button")
    assert [numbers.nth(n).get_attribute("aria-expanded") for n in range(numbers.count())] == ["false"] * 5
    for number, said in (
        (
            "23,652.43",
            ("实测总建筑面积：23,652.43 ㎡", "房管局/用房现状.xlsx › 项目竣工测绘 › 第 66 行 › B 列 竣工总建筑面积(㎡)", "23652.43"),
        ),
        ("1 %", ("配建比例：1 %", "依据：", "百分之一")),
        ("118.19", ("折资抵面积", "105180.2", "126474")),
        ("2,140.00", ("现行折资单价：2,140.00 元", "折资单价 › 第 19 行 › E 列", "2140")),
    ):
        numbers.get_by_text(number, exact=True).click()
        panel = working.locator(".from:visible")
        assert panel.count() == 1, "one at a time"
        assert all(word in panel.inner_text() for word in said), panel.inner_text()
    numbers.get_by_text("2,140.00", exact=True).click()
    assert working.locator(".from:visible").count() == 0, "a second click closes it"
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]


def test_the_keyboard_reaches_every_number_and_a_reader_hears_what_it_is_called(visit):
    _, working = opened(visit, "en", "desk")
    number = working.get_by_role("button").first
    number.focus()
    number.press("Enter")
    assert number.get_attribute("aria-expanded") == "true" and number.get_attribute("title") == "As-built survey total floor area"
    panel = working.locator(f"#{number.get_attribute('aria-controls')}")
    assert panel.is_visible() and "row 66 › column B" in panel.inner_text()
    working.page.keyboard.press("Tab")
    assert working.page.evaluate("document.activeElement.textContent") == "1 %"


def test_the_steps_are_in_words_and_the_rules_own_text_is_folded(visit):
    _, working = opened(visit, "zh", "desk")
    inside = working.locator("xpath=..")
    steps = inside.locator("details.more", has_text="逐步")
    assert not steps.locator("table").is_visible()
    steps.locator("summary").click()
    row = steps.locator("tr", has_text="应配建面积（实测）").first
    assert "236.52 ㎡" in row.inner_text() and "round(0.01 * 23652.43, 2)" in row.inner_text()
    assert "required_m2 = greatest(" in row.locator("code.rule").inner_text()


def test_on_paper_every_number_says_where_it_is_from(visit):
    tab, working = opened(visit, "zh", "desk")
    tab.emulate_media(media="print")
    assert working.locator(".from:visible").count() == 5


def test_the_facts_of_a_finding_name_their_cells(visit):
    _, working = opened(visit, "zh", "desk")
    facts = working.locator("xpath=..").locator("details.more", has_text="事实和出处")
    facts.locator("summary").click()
    row = facts.locator("tr", has_text="实测总建筑面积").first.inner_text()
    assert "第 66 行" in row and "“23652.43”" in row
