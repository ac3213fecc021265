"""The map of the page, in a real Chromium: how it moves, what is written and drawn on it, what its legend says, and how it and the list
lead to each other."""

import json
import re
from decimal import Decimal
from itertools import pairwise

import pytest

from planning_check.report.page import drawing
from planning_check.report.told.places import located
from tests.outside import require

pytestmark = require("chromium")
AREA, LAND = "#map path.district", "path.land.sign"


def box(tab, selector):
    """Left, top, right and bottom of all that a selector finds."""
    return tab.evaluate(
        """selector => { const all = [...document.querySelectorAll(selector)].map(e => e.getBoundingClientRect());
           return [Math.min(...all.map(b => b.left)), Math.min(...all.map(b => b.top)),
                   Math.max(...all.map(b => b.right)), Math.max(...all.map(b => b.bottom))] }""",
        selector,
    )


def frame_by_frame(tab, selector, frames=30):
    """The same, in each of the frames that follow."""
    return tab.evaluate(
        """([selector, frames]) => new Promise(done => { const seen = []; const look = () => {
             const all = [...document.querySelectorAll(selector)].map(e => e.getBoundingClientRect());
             seen.push([Math.min(...all.map(b => b.left)), Math.min(...all.map(b => b.top)),
                        Math.max(...all.map(b => b.right)), Math.max(...all.map(b => b.bottom))]);
             if (seen.length < frames) { requestAnimationFrame(look) } else { done(seen) } }; requestAnimationFrame(look) })""",
        [selector, frames],
    )


def is_within(inner, outer):
    return inner[0] >= outer[0] - 1 and inner[1] >= outer[1] - 1 and inner[2] <= outer[2] + 1 and inner[3] <= outer[3] + 1


def meets(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def to_map(tab):
    tab.locator("#map").evaluate("e => e.scrollIntoView({block: 'center'})")
    return box(tab, "#map")


def choose(tab, fragment):
    tab.evaluate("fragment => { location.hash = fragment }", fragment)
    tab.wait_for_timeout(200)


def metres(tab):
    """What the bar of the scale stands for, per pixel."""
    bar = tab.locator("#map .leaflet-control-scale-line")
    number, unit = re.fullmatch(r"([\d.]+) (k?m)", bar.inner_text()).groups()
    return float(number) * (1000 if unit == "km" else 1) / bar.bounding_box()["width"]


def signs(tab):
    """The signs that are drawn, and those that the legend tells."""
    drawn = tab.evaluate(
        """() => [...new Set([...document.querySelectorAll('#map .sign, #map path.match')].map(
           e => e.classList.contains('match') ? 'match'
                : [...e.classList].filter(c => !['sign', 'land', 'leaflet-interactive'].includes(c))[0]))].sort()"""
    )
    told = tab.evaluate("() => [...document.querySelectorAll('.legend li:not([hidden])')].map(e => e.dataset.sign).sort()")
    return drawn, told


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_it_begins_with_all_of_the_city_and_cannot_be_lost(visit, width):
    tab = visit(width=width)
    frame = to_map(tab)
    start = box(tab, AREA)
    assert is_within(start, frame)
    tab.locator("#map").focus()
    for key in ("-", "-", "-"):  # nothing lies beyond all of it
        tab.keyboard.press(key)
    assert box(tab, AREA) == start
    for _ in range(14):
        tab.keyboard.press("+")
        tab.wait_for_timeout(350)  # a key pressed while it moves is not heard
    assert 0.2 < metres(tab) < 1.2  # a parcel fills it
    for _ in range(60):
        tab.keyboard.press("ArrowLeft")
    tab.wait_for_timeout(600)
    for _ in range(3):
        tab.keyboard.press("-")
        tab.wait_for_timeout(400)
    assert meets(box(tab, AREA), frame)
    tab.locator("#map .map-home").click()
    assert box(tab, AREA) == pytest.approx(start, abs=2)
    tab.locator("#map").focus()
    tab.keyboard.press("+")
    tab.wait_for_timeout(500)
    assert box(tab, AREA) != pytest.approx(start, abs=2)
    tab.keyboard.press("Home")
    assert box(tab, AREA) == pytest.approx(start, abs=2)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_wheel_scrolls_the_page_and_with_ctrl_zooms_the_map(visit, lang):
    tab = visit(lang=lang)
    frame = to_map(tab)
    before, top = metres(tab), tab.evaluate("scrollY")
    tab.mouse.move((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2)
    tab.mouse.wheel(0, 200)
    tab.wait_for_timeout(300)
    assert tab.evaluate("scrollY") > top
    assert metres(tab) == before
    assert tab.locator(".map-hint").inner_text() == {
        "zh": "按住 Ctrl 再滚动，缩放地图", "en": "Hold Ctrl and scroll to zoom the map",
    }[lang]  # fmt: skip
    top = tab.evaluate("scrollY")
    tab.keyboard.down("Control")
    for _ in range(6):
        tab.mouse.wheel(0, -240)
    tab.keyboard.up("Control")
    tab.wait_for_timeout(300)
    assert metres(tab) < before / 2
    assert tab.evaluate("scrollY") == top


def test_one_finger_scrolls_the_page_and_pins_are_no_stops_of_the_keyboard(visit):
    phone = visit(width="phone", has_touch=True, is_mobile=True)
    assert phone.locator("#map").evaluate("e => getComputedStyle(e).touchAction") == "pan-x pan-y"
    assert phone.locator("#map .pin[tabindex]").count() == 0 < phone.locator("#map .pin").count()
    desk = visit()
    frame, before = to_map(desk), box(desk, AREA)
    desk.mouse.move(frame[0] + 300, frame[1] + 40)
    desk.mouse.down()
    desk.mouse.move(frame[0] + 380, frame[1] + 60, steps=4)
    desk.mouse.up()
    assert box(desk, AREA)[0] == pytest.approx(before[0] + 80, abs=30)  # and a little further, being let go


def test_what_is_found_is_what_is_seen(visit):
    tab = visit()
    whole = metres(tab)
    choose(tab, "?district=禾渡县")
    frame = to_map(tab)
    found = box(tab, f"#map {LAND}:not(.community):not(.told):not(.district)")
    assert is_within(found, frame) and metres(tab) < whole / 2
    choose(tab, "")
    assert metres(tab) == whole
    tab.fill("input[name=text]", "XM2006063")
    assert tab.locator("#map path.short4").count() == 1
    frame, parcel = to_map(tab), box(tab, "#map path.short4")
    assert is_within(parcel, frame) and 40 < parcel[2] - parcel[0] < 400
    tab.fill("input[name=text]", "no such words")
    assert metres(tab) == whole
    assert tab.locator(f"#map {LAND}:not(.community):not(.district)").count() == 0


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_districts_and_communities_are_named_and_no_name_covers_another(visit, width, lang):
    tab = visit(width=width, lang=lang)
    names = tab.locator("#map .map-name")
    there = set(names.all_inner_texts())
    districts = {"棠城区", "鹿溪县", "云屏县", "柏岭县", "禾渡县", "石湾县", "雁坪县", "杏口县", "清漪县", "白崖县"}
    assert districts <= there if width == "desk" else len(districts & there) >= 8
    buttons = box(tab, "#map .leaflet-bar")
    assert not any(meets(buttons, [b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"]])
                   for b in (name.bounding_box() for name in names.all()))  # fmt: skip
    choose(tab, "?district=禾渡县")
    close = names.all_inner_texts()
    assert len(set(close) - there) >= 8 and "阮家沟" in close
    for fragment in ("?district=禾渡县", ""):
        choose(tab, fragment)
        boxes = tab.evaluate(
            "[...document.querySelectorAll('#map .map-name')].map(e => { const b = e.getBoundingClientRect(); "
            "return [b.left, b.top, b.right, b.bottom] })"
        )
        assert len(boxes) >= 8
        assert not any(meets(one, other) for i, one in enumerate(boxes) for other in boxes[:i])


FILTERS = ["", "#?list=violations", "#?list=deposits", "#?list=offices", "#?list=programme", "#?list=data", "#?list=leads",
           "#?list=undetermined", "#?text=XM2006063", "#?text=nothing"]  # fmt: skip


@pytest.mark.parametrize("fragment", FILTERS)
def test_the_legend_tells_what_is_drawn_and_nothing_else(visit, fragment):
    tab = visit(fragment)
    drawn, told = signs(tab)
    assert drawn == told
    assert {"community", "district"} <= set(told) or "told" in told
    tab.locator("#map").focus()
    for _ in range(4):
        tab.keyboard.press("+")
        tab.wait_for_timeout(400)
    drawn, told = signs(tab)
    assert drawn == told


def test_the_classes_of_what_is_missing():
    below = [drawing.shortage(Decimal(a)) for a in ("0.01", "100", "100.01", "200", "300", "300.01", "500", "500.01", "99999")]
    assert below == [0, 0, 1, 1, 2, 3, 3, 4, 4]
    assert drawing.shortage(None) is None is drawing.shortage(Decimal(0))
    told = dict(drawing.legend("zh"))
    assert [told[f"short{n}"] for n in range(5)] == ["缺 0-100 ㎡", "缺 100-200 ㎡", "缺 200-300 ㎡", "缺 300-500 ㎡", "缺 500 ㎡以上"]


def test_land_is_filled_by_what_is_missing_and_darker_where_it_is_more(visit, city_pack):
    tab = visit("#?list=violations")
    drawn = drawing.drawn(city_pack, "zh")
    with_land = {project: shortage for project, _, shortage in drawn["land"]}
    lines = [line for line in city_pack.summary.of("violations").lines if line.key in with_land]
    for number in range(5):
        assert tab.locator(f"#map path.short{number}").count() == sum(drawing.shortage(line.area_m2) == number for line in lines) > 0
    assert tab.locator("#map path.unshort").count() == sum(not line.area_m2 for line in lines) > 0
    fills = tab.evaluate(
        "[0, 1, 2, 3, 4].map(n => getComputedStyle(document.querySelector('#map path.short' + n)).fill.match(/[0-9]+/g).map(Number))"
    )
    light = [0.2126 * (r / 255) ** 2.2 + 0.7152 * (g / 255) ** 2.2 + 0.0722 * (b / 255) ** 2.2 for r, g, b in fills]
    assert all(one > 1.5 * other for one, other in pairwise(light))  # to be told apart in grey, too


def test_a_parcel_with_a_violation_and_a_deposit_shows_both(visit, city_pack):
    land = {project for project, _ in ((key, 0) for key, *_ in drawing.drawn(city_pack, "zh")["land"])}
    deposits = {line.key for line in city_pack.summary.of("deposits").lines} & land
    both = deposits & {line.key for line in city_pack.summary.of("violations").lines}
    assert "XM2006063" in both
    tab = visit("#?text=XM2006063")
    assert signs(tab)[0] == ["community", "deposits", "district", "short4"]
    assert "url(" in tab.locator("#map path.land.deposits").evaluate("e => getComputedStyle(e).fill")  # hatched: the fill below is seen
    tab = visit("#?list=deposits")
    assert tab.locator("#map path.land.deposits").count() == tab.locator("#map .pin.deposits").count() == len(deposits) > 50
    assert "unshort" not in signs(tab)[0] and not any(sign.startswith("short") for sign in signs(tab)[0])


def test_a_finding_about_a_parcel_of_no_recorded_project_is_drawn_on_the_parcel(visit, city_pack):
    shapes = located(city_pack.shapes()).shapes
    alone = [f["subject_key"] for f in city_pack.findings(rule="GE05", outcome="violation") if not f["project_id"]]
    assert len(alone) == 6 and all(("parcel", key) in shapes for key in alone)
    drawn = {key for key, _ in drawing.drawn(city_pack, "zh")["parcels"]}
    assert set(alone) <= drawn
    tab = visit("#?text=GE05")
    assert tab.locator("#map path.land.other").count() >= len(alone)
    assert "宗地" not in tab.locator("#map-note").inner_text()


def test_what_has_no_place_is_counted_and_what_is_crowded_appears_closer_up(visit, folder):
    data = json.loads(re.search(r'id="data">(.*?)</script>', (folder / "findings_zh.html").read_text("utf-8"), re.S).group(1))
    drawn = {(kind, key) for kind, key, *_ in data["map"]["points"]}
    assert drawn
    tab = visit()
    said = tab.locator("#map-note").inner_text()
    assert "没有坐标或图形，未画出：项目用地 3、用房 1" in said
    later = int(re.search(r"放大后显示：用房 (\d+)", said).group(1))
    assert tab.locator("#map .pin.room").count() == 0 < later
    tab.locator("#map").focus()
    for _ in range(4):
        tab.keyboard.press("+")
        tab.wait_for_timeout(400)
    assert tab.locator("#map .pin.room").count() == later
    assert "放大后显示" not in tab.locator("#map-note").inner_text()


def test_all_findings_of_a_place_can_be_reached_from_it(visit):
    tab = visit("#?text=XM2006063")
    listed = tab.evaluate("JSON.parse(document.getElementById('data').textContent).rows.filter(r => r.includes('XM2006063')).length")
    to_map(tab)
    tab.locator("#map path.short4").click(force=True)
    links = tab.locator(".leaflet-popup a[href^='#']:not(.leaflet-popup-close-button)")
    assert links.count() >= 4
    assert links.count() <= listed
    assert "897.34 ㎡" in tab.locator(".leaflet-popup").inner_text()
    popup, parcel = box(tab, ".leaflet-popup-content-wrapper"), box(tab, "#map path.short4")
    assert popup[3] <= parcel[1] + 2  # above the parcel, not on it
    last = links.last.get_attribute("href")
    links.last.click()
    tab.wait_for_url(re.compile(re.escape(last)))


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_dark_and_on_paper(visit, width):
    ground = "getComputedStyle(document.getElementById('map')).backgroundColor"
    light, dark = visit(width=width), visit(width=width, color_scheme="dark")
    assert light.evaluate(ground) == "rgb(247, 249, 250)" != dark.evaluate(ground)
    screen = to_map(dark)
    dark.emulate_media(media="print", color_scheme="dark")
    assert dark.evaluate(ground) == light.evaluate(ground)
    assert not dark.locator("#map .map-home").is_visible() and not dark.locator("#map .leaflet-control-zoom").is_visible()
    assert dark.locator("#map").evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    dark.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    frame = box(dark, "#map")
    assert frame[2] - frame[0] == pytest.approx(178 * 96 / 25.4, abs=3)
    fitted = box(dark, AREA)
    assert is_within(fitted, frame)
    assert all(seen == pytest.approx(fitted, abs=0.5) for seen in frame_by_frame(dark, AREA))  # nothing moves on behind it
    dark.evaluate("window.dispatchEvent(new Event('afterprint'))")
    dark.emulate_media(media="screen", color_scheme="dark")
    to_map(dark)
    assert box(dark, "#map") == pytest.approx(screen, abs=2)


def test_a_place_that_is_clicked_is_marked_in_the_list_and_shown(visit):
    tab = visit()
    choose(tab, "?district=禾渡县")
    to_map(tab)
    land = tab.locator("#map path.short0").first
    land.click(force=True)
    marked = tab.locator("details.case.on-map")
    assert marked.count() >= 1
    link = tab.locator(".leaflet-popup a").first.get_attribute("href")
    assert link.endswith("?district=%E7%A6%BE%E6%B8%A1%E5%8E%BF")  # what was chosen stays chosen
    assert is_within(box(tab, f"details.case[data-case='{marked.first.get_attribute('data-case')}'] > summary"), [0, 0, 1280, 900])
    assert is_within(box(tab, "#map"), [0, 0, 1280, 900])


def test_what_is_pointed_at_or_opened_in_the_list_is_marked_on_the_map(visit):
    tab = visit("#?list=violations&district=禾渡县")
    marked = tab.locator("#map .marked")
    assert marked.count() == 0
    line = tab.locator("details.case:not([open])").nth(1)
    line.locator("summary").first.hover()
    assert marked.count() >= 1
    tab.locator("h1").hover()
    assert marked.count() == 0
    line.locator("summary").first.focus()
    assert marked.count() >= 1
    tab.locator("#map").focus()
    for _ in range(6):
        tab.keyboard.press("+")
        tab.wait_for_timeout(350)
    frame = box(tab, "#map")
    far = next(one for one in tab.locator("details.case").all() if not is_open_in(tab, one, frame))
    far.locator("summary").first.click()
    tab.wait_for_timeout(300)
    assert meets(box(tab, "#map .marked"), box(tab, "#map"))


def is_open_in(tab, line, frame):
    """Whether the place of a line is in sight already."""
    line.locator("summary").first.hover()
    return tab.locator("#map .marked").count() == 0 or meets(box(tab, "#map .marked"), frame)


def test_on_a_phone_the_map_stands_above_the_list_and_a_place_does_not_move_the_page(visit):
    tab = visit("#?list=violations&text=XM2006063", width="phone", has_touch=True, is_mobile=True)
    assert box(tab, "#map")[3] <= box(tab, "#found")[1]
    to_map(tab)
    top = tab.evaluate("scrollY")
    tab.locator("#map path.short4").tap(force=True)
    assert tab.locator("details.case.on-map").count() == 1
    assert tab.evaluate("scrollY") == top
