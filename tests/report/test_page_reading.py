"""The page as it is read: on paper whole and in colour, in the dark, on a telephone, and by everyone."""

import re
import subprocess

import pytest

from planning_check.words import LISTS
from tests.outside import program, require
from tests.report.conftest import WIDTHS
from tests.report.test_page_list import choose

pytestmark = require("chromium")

#: What is looked at: the top, a line opened with a finding, what could not be judged, a sorted list, nothing found.
PLACES = ("", "#AR03/XM2006063?list=violations", "#undetermined/XM2006037?list=undetermined", "#?sort=yuan", "#?text=none-of-these")
#: Every text that is seen, with its colour and that of what it stands on, as sRGB; the map is a picture.
_TEXTS = """() => {
  const numbers = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('#map, script, option, .off, .skip')) continue;
    const text = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join('');
    if (!text || !e.checkVisibility()) continue;
    let on = e, back = [0, 0, 0, 0];
    while (on && (back = numbers(getComputedStyle(on).backgroundColor))[3] === 0) on = on.parentElement;
    found.push([text.slice(0, 30), numbers(getComputedStyle(e).color), on ? back : [255, 255, 255, 1]]);
  }
  return found;
}"""
#: Cells in which a text that is longer stands in a column of fewer than three of its letters, and what is wider than the window.
_NARROW = """() => [...document.querySelectorAll('th, td, dd, dt, summary span, .inside p')].filter(e => {
  const style = getComputedStyle(e), text = e.innerText.trim();
  if (!text || !e.checkVisibility() || style.display === 'inline' || e.closest('.off, .pin')) return false;
  const width = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const least = Math.min(3, text.length) * parseFloat(style.fontSize) * 0.9;
  return e.clientWidth && width < least && e.clientHeight > 2.2 * parseFloat(style.lineHeight);
}).map(e => [e.className, e.clientWidth, e.innerText.slice(0, 40)])"""
_BROKEN = """() => { // numbers that stand on more than one line
  const found = [], walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.parentElement.checkVisibility() || node.parentElement.closest('code, .off, script')) continue;
    for (const m of node.textContent.matchAll(/\\d[\\d,]*\\.\\d\\d/g)) {
      const range = document.createRange();
      range.setStart(node, m.index); range.setEnd(node, m.index + m[0].length);
      if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) found.push(m[0]);
    }
  }
  return found;
}"""


def light_of(colour) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [value / 255 for value in colour[:3]]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other) -> float:
    high, low = sorted((light_of(one), light_of(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_everyone_computes_it():
    assert round(contrast([255, 255, 255], [0, 0, 0]), 2) == 21
    assert round(contrast([119, 119, 119], [255, 255, 255]), 2) == 4.48  # the well-known grey that just fails


def go(tab, place) -> None:
    """To another place of the same page, as a link leads there."""
    if place:
        tab.evaluate("place => { location.hash = place; }", place)
        tab.wait_for_function("place => location.hash === place", arg=place)


def unfold(tab) -> None:
    """All that is folded, but for the lines that are not open."""
    folded = "main details:not(.case):not(.finding), details.case[open] details"
    for _ in range(2):
        tab.evaluate(f"document.querySelectorAll('{folded}').forEach(d => {{ d.open = true; if (d.fill) {{ d.fill(); }} }})")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_stands_out_from_its_ground(visit, scheme, lang):
    tab = visit(lang=lang, color_scheme=scheme)
    for place in PLACES:
        go(tab, place)
        if place.startswith("#AR03"):
            unfold(tab)
        texts = tab.evaluate(_TEXTS)
        assert len(texts) > 80
        assert [(text, round(contrast(ink, ground), 2)) for text, ink, ground in texts if contrast(ink, ground) < 4.5] == []
        assert (light_of(tab.evaluate("getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)")) < 0.1) == (
            scheme == "dark"
        )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window_and_no_column_holds_one_letter(visit, lang, width):
    tab = visit(lang=lang, width=width)
    for place in PLACES:
        go(tab, place)
        if place.startswith(("#AR03", "#und")):
            unfold(tab)
        assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width][0], place
        assert tab.evaluate(_NARROW) == [], place
        assert tab.evaluate(_BROKEN) == [], place


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    tab = visit(width=width, bypass_csp=True, color_scheme=scheme)
    for place in PLACES[:3]:
        go(tab, place)
        found = Axe().run(tab).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found if v["impact"] in ("serious", "critical")] == [], place


@require("pdftotext", "pdfinfo")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_filtered_list_is_printed_whole(visit, city_pack, tmp_path, lang):
    tab = visit("#?list=violations", lang=lang, color_scheme="dark")
    path = tmp_path / "page.pdf"
    path.write_bytes(tab.pdf(format="A4"))
    text = subprocess.run([program("pdftotext"), "-layout", str(path), "-"], check=True, capture_output=True).stdout.decode()
    pages = int(
        re.search(r"Pages:\s+(\d+)", subprocess.run([program("pdfinfo"), str(path)], check=True, capture_output=True, text=True).stdout)[1]
    )
    lines = city_pack.summary.of("violations").lines
    printed = text[text.rindex(LISTS["violations"].get(lang) + "\n") :]
    assert re.findall(r"XM\d{7}", printed) == [line.key for line in lines]
    assert 10 <= pages <= 18
    for line in lines:
        assert line.area_m2 is None or f"{line.area_m2:,}" in printed
    assert tab.locator("details.case").count() == 60, "on the screen it is as it was"
    choose(tab, text="XM2006063")
    path.write_bytes(tab.pdf(format="A4"))
    text = subprocess.run([program("pdftotext"), "-layout", str(path), "-"], check=True, capture_output=True).stdout.decode()
    assert set(re.findall(r"XM\d{7}", text[text.rindex(LISTS["violations"].get(lang) + "\n") :])) == {"XM2006063"}


@require("pdftoppm")
def test_it_is_printed_in_colour_on_white(visit, tmp_path):
    """Bars, badges and signs are what the browser calls backgrounds: of those that print none, the first page was black and white."""
    tab = visit("", color_scheme="dark")
    path = tmp_path / "page.pdf"
    path.write_bytes(tab.pdf(format="A4", print_background=False))
    subprocess.run([program("pdftoppm"), "-r", "40", "-l", "2", str(path), str(tmp_path / "page")], check=True)
    seen: set[tuple[int, int, int]] = set()
    for picture in sorted(tmp_path.glob("page-*.ppm")):
        head, _size, _depth, pixels = picture.read_bytes().split(b"\n", 3)
        assert head == b"P6"
        assert pixels[:3] == b"\xff\xff\xff", "paper is white"
        seen |= {tuple(pixels[i : i + 3]) for i in range(0, len(pixels), 3)}
    for colour in ((180, 35, 24), (154, 74, 6), (23, 92, 211)):  # of the three lists
        assert colour in seen
