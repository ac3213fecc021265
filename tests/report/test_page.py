"""The page in a real Chromium: it filters, opens, links, draws, prints, asks nothing of anybody, and can be read by everyone."""

import datetime as dt
import json
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.pipeline.reporting import gather
from planning_check.report import page
from planning_check.report.page import drawing, embedded
from planning_check.report.page.listed import shares
from planning_check.store import Entry, Told, append, load_run, open_store
from planning_check.store.connecting import writing
from tests import city
from tests.outside import require
from tests.report.conftest import WIDTHS

pytestmark = require("chromium")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_with_the_verdict_and_fits_the_window(visit, width, lang):
    tab = visit(lang=lang, width=width)
    told = {
        "zh": "106 个开发项目缺社区用房，另有 45 个有别的违规",
        "en": "106 developments short of community premises, 45 in violation otherwise",
    }
    assert told[lang] in tab.locator("h2.verdict").inner_text()
    assert tab.locator(".card .figure").all_inner_texts() == ["151", "61", "24"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width][0]
    assert tab.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert ("未核实" if lang == "zh" else "not verified") in tab.locator("main").inner_text()


def test_filters_narrow_the_list_and_the_map_and_can_be_sent_as_a_link(visit):
    tab = visit()
    everything, drawn = tab.locator("#count").inner_text(), tab.locator("#map path.land").count()
    tab.select_option("select[name=list]", "offices")
    assert "共 24 行" in tab.locator("#count").inner_text() != everything
    assert tab.locator("details.case").count() == 24
    assert tab.locator("#map path.land").count() < drawn
    tab.select_option("select[name=district]", index=1)
    tab.fill("input[name=text]", "OF01")
    there = tab.locator("details.case").count()
    assert 0 < there < 24
    link = tab.url.split("#")[1]
    again = visit(f"#{link}")
    assert again.locator("details.case").count() == there
    again.fill("input[name=text]", "no such words")
    assert "共 0 行" in again.locator("#count").inner_text()
    again.click("button[type=reset]")
    assert again.locator("#count").inner_text() == everything
    assert again.url.endswith("#")


def test_a_finding_opens_to_law_arithmetic_and_sources_and_has_a_link(visit):
    tab = visit("#AR03/XM2006063")
    assert tab.locator("details.case[open]").count() == 1
    finding = tab.locator("details.finding[open]")
    finding.locator(".inside").wait_for()
    assert finding.count() == 1
    assert finding.evaluate("e => Math.abs(e.getBoundingClientRect().top)") < 60
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"
    for folded in finding.locator("details.more > summary").all():
        folded.click()
    text = finding.inner_text()
    for part in ("怎么办", "依据（未核实）", "算式", "事实和出处", "出自", "配建比例", "项目台账.xlsx"):
        assert part in text, part


def test_opening_one_changes_the_address_and_back_goes_back(visit):
    tab = visit("#?list=deposits")
    line = tab.locator("details.case").first
    line.locator("summary").first.click()
    tab.wait_for_url(re.compile(r"#deposits/XM\d+\?list=deposits$"))
    line.locator("details.finding > summary").first.click()  # it is open already, and closes: no step
    line.locator("details.finding > summary").first.click()
    tab.wait_for_url(re.compile(r"#MO0.*\?list=deposits$"))
    tab.go_back()
    tab.wait_for_url(re.compile(r"#deposits/XM\d+\?list=deposits$"))
    tab.go_back()
    tab.wait_for_url(re.compile(r"#\?list=deposits$"))
    assert tab.locator("details.case").count() == 60


def test_it_can_be_used_with_the_keyboard(visit):
    tab = visit("#?list=deposits")
    tab.keyboard.press("Tab")
    while tab.evaluate("document.activeElement.className") != "skip":
        tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "lists"
    assert tab.locator("select[name=list]").input_value() == "deposits"
    assert tab.url.endswith("#?list=deposits")
    summary = tab.locator("details.case summary").first
    summary.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("details.case").first.get_attribute("open") is not None


def test_more_is_shown_when_asked_for(visit):
    tab = visit()
    assert tab.locator("details.case").count() == 60
    tab.locator("details.case > summary").first.click()
    tab.click("#more")
    assert tab.locator("details.case").count() == 120
    assert tab.locator("details.case").first.get_attribute("open") is not None, "what is open stays open"
    assert tab.evaluate("document.activeElement.parentElement") is not None


def test_the_map_draws_communities_land_offices_and_matches(visit):
    tab = visit()
    assert tab.locator("#map path.community, #map path.told").count() == 129
    assert tab.locator("#map path[class*=' short']").count() > 100
    assert tab.locator("#map path.match").count() == 27
    assert tab.locator("section[aria-labelledby=match-head] tbody tr").count() == 27
    assert tab.locator("#map .pin").count() > 24
    tab.goto(tab.url.split("#")[0] + "#AR03/XM2006063")
    tab.locator("details.finding[open] .bar button").click()
    assert "XM2006063" in tab.locator(".leaflet-popup").inner_text()


def test_without_script_it_is_still_readable(visit):
    tab = visit(java_script_enabled=False)
    assert tab.locator("h2.verdict").is_visible()
    assert not tab.locator("form.filters").is_visible()
    assert tab.locator(".no-script details").count() >= 36
    tab.locator(".no-script details summary").first.click()
    assert "平方米" in tab.locator(".no-script details").first.inner_text()
    head = tab.locator(".no-script h3", has_text="未能判定")
    assert int(head.inner_text().split("：")[1].replace(",", "")) > 12
    first = head.locator("xpath=following-sibling::details")
    assert first.count() == 12 and "涉及" in first.first.inner_text()
    first.first.locator("summary").click()
    assert "缺 " in first.first.inner_text() and "补；缺数据不是符合" in first.first.inner_text()


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 50), min_size=1), st.integers(0, 120))
def test_a_long_list_leaves_short_ones_their_lines(counts, most):
    taken = shares(counts, most)
    assert sum(taken.values()) == min(most, sum(counts.values()))
    fewest_cut = min((taken[code] for code in counts if taken[code] < counts[code]), default=None)
    assert all(taken[code] <= counts[code] for code in counts)
    assert fewest_cut is None or all(n <= fewest_cut + 1 for n in taken.values())


def test_an_overlap_is_drawn_as_the_land_shared_and_not_as_whole_parcels(visit, city_pack):
    found = city_pack.findings(rule="GE02", outcome="violation")
    about = {f["subject_key"] for f in found if f["status"] in ("overlaps", "overlaps_own")}
    pieces = drawing.drawn(city_pack, "en")["pieces"]
    assert about and about <= {key for kind, key, rings in pieces if kind.startswith("parcel") and rings}
    tab = visit()
    tab.wait_for_selector("#map path.overlap", state="attached")
    assert tab.locator("#map path.overlap").count() >= len(about)


def test_what_the_map_leaves_out_is_counted(city_pack, tmp_path, monkeypatch):
    whole = drawing.drawn(city_pack, "en")
    monkeypatch.setattr(drawing, "MOST_SHAPES", 20)
    cut = drawing.drawn(city_pack, "en")
    left = cut["left"]
    assert whole["left"] == 0
    assert left == sum(len(whole[kind]) - len(cut[kind]) for kind in ("land", "pieces", "points")) > 100
    page.write(city_pack, tmp_path, "en")
    assert f"{left} more places are not drawn" in (tmp_path / "findings_en.html").read_text("utf-8")


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&\u2028"


def test_no_text_of_the_delivery_becomes_markup(folder, tmp_path, visit, browser):
    assert "<" not in embedded({"a": HOSTILE})
    assert json.loads(embedded({"a": HOSTILE})) == {"a": HOSTILE}
    from planning_check.store import save_run
    from tests.store.tables import FINDINGS, TELLINGS, connection, manifest

    engine = open_store("sqlite://")
    hostile = [f | {"subject_name": HOSTILE, "message_zh": HOSTILE, "developer_name": HOSTILE, "community_name": HOSTILE} for f in FINDINGS]
    save_run(engine, connection(hostile), manifest(title={"zh": HOSTILE, "en": HOSTILE}, notice={"zh": HOSTILE, "en": HOSTILE}), TELLINGS)
    page.write(gather(engine, load_run(engine)), tmp_path, "zh")
    tab = browser.new_page()
    alerts = []
    tab.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    tab.goto((tmp_path / "findings_zh.html").as_uri())
    for kind in ("case", "finding"):
        for one in tab.locator(f"details.{kind}").all():
            one.evaluate("e => e.open = true")
    assert HOSTILE.split("&", maxsplit=1)[0] in tab.locator("#found").inner_text()
    assert alerts == []
    assert tab.locator("img").count() == 0
    assert tab.title().startswith("</script>")
    tab.close()


@pytest.fixture(scope="module")
def met(tmp_path_factory):
    """The pages of the bundled city after a meeting: of the first project on the list all is dismissed, two deposits are confirmed, and one
    finding was dismissed on other facts."""
    folder = tmp_path_factory.mktemp("met")
    engine = open_store(city.checked(folder))
    with Told(2) as told:
        pack = gather(engine, load_run(engine), told)
        first = pack.summary.of("violations").lines[0].key
        everything = list(pack.findings(outcome="violation"))
        gone = [f for f in everything if f["list"] == "violations" and f["project_id"] == first]
        taken = [f for f in everything if f["list"] == "deposits"][:2]
        again = next(f for f in everything if f["list"] == "violations" and f["project_id"] != first and f["facts"])
        said = {"resolution_no": "纪要〔2011〕3号", "decided_on": "2011-07-08"}
        name = next(name for name, value in again["facts"].items() if value is not None)
        step = {
            **{f["fingerprint"]: ("dismiss", "dismissed", f["facts"]) for f in gone},
            **{f["fingerprint"]: ("confirm", "confirmed", f["facts"]) for f in taken},
            again["fingerprint"]: ("dismiss", "dismissed", again["facts"] | {name: "1"}),
        }
        entries = [
            Entry(action, "secretary", {**said, "conclusion": conclusion, "facts": facts}, key, 2)
            for key, (action, conclusion, facts) in step.items()
        ]
        with writing(engine) as connection:
            head = append(connection, pack.run.series, dt.datetime(2011, 7, 8, tzinfo=dt.UTC), "王秘书", entries)
        pack = gather(engine, load_run(engine), told)
        for lang in ("zh", "en"):
            page.write(pack, folder, lang)
    return SimpleNamespace(folder=folder, gone=gone, again=again, head=f"{head.series}:{head.seq}:{head.hash}")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_was_dismissed_is_counted_no_more_and_stands_where_it_is_asked_for(browser, met, lang, width):
    wide, high = WIDTHS[width]
    tab = browser.new_page(viewport={"width": wide, "height": high})
    tab.goto((met.folder / f"findings_{lang}.html").as_uri())
    assert tab.locator(".card .figure").all_inner_texts() == ["150", "61", "24"]
    told = {"zh": "105 个开发项目缺社区用房，另有 45 个", "en": "105 developments short of community premises, 45 in"}
    assert told[lang] in tab.locator("h2.verdict").inner_text()
    assert met.head in tab.locator("main").inner_text()
    unlisted = {"zh": f"另有不予认定 {len(met.gone)} 条未列", "en": f"{len(met.gone)} dismissed not listed"}[lang]
    assert unlisted in tab.locator("#count").inner_text()
    others = tab.locator("details.others > summary")
    if not tab.locator("select[name=state]").is_visible():
        others.click()
    tab.select_option("select[name=state]", "dismissed")
    assert unlisted not in tab.locator("#count").inner_text()
    line = tab.locator("details.case")
    assert line.count() == 1
    line.locator("summary").first.click()
    assert line.locator("details.finding").count() == len(met.gone)
    told = line.locator("details.finding .inside").first.inner_text()
    assert "纪要〔2011〕3号" in told and {"zh": "不予认定", "en": "dismissed"}[lang] in told
    tab.select_option("select[name=state]", "confirmed")
    assert tab.locator("details.case").count() == 2
    assert tab.evaluate("document.documentElement.scrollWidth") <= wide
    tab.close()


def test_what_was_dismissed_on_other_facts_is_listed_again_with_what_changed(browser, met):
    tab = browser.new_page()
    tab.goto((met.folder / "findings_zh.html").as_uri() + f"#{met.again['rule_id']}/{met.again['subject_key']}")
    told = tab.locator("details.finding[open]").inner_text()
    assert "重新立案" in told and "不予认定所依据的事实变了" in told and " 1 → " in told
    tab.close()
