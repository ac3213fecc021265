"""The documentation site: its contents have every page in both languages, every link leads somewhere, nothing is asked of a network."""

import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from ruamel.yaml import YAML

from tests.outside import program
from tools import site

ROOT = Path(__file__).parents[1]


def _contents():
    text = re.sub(r"!!python\S+", "", site.CONFIG.read_text("utf-8"))
    return YAML(typ="safe").load(text)["nav"]


def _titles(entries):
    for entry in entries:
        for both, under in entry.items():
            yield both
            yield from _titles(under) if isinstance(under, list) else ()


def test_every_page_of_docs_is_in_the_contents_once():
    pages = list(site.named(_contents()))
    assert len(pages) == len(set(pages))
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} <= set(pages)
    assert [page for page in pages if not (ROOT / page).is_file()] == []


def test_every_title_is_in_both_languages():
    for both in _titles(_contents()):
        chinese, english = (bool(re.search(r"[\u4e00-\u9fff]", site.title(both, lang))) for lang in ("zh", "en"))
        assert chinese and not english, both


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_page_leads_to_is_staged_with_it(tmp_path, lang):
    site.stage(list(site.named(_contents())), lang, tmp_path)
    for page in tmp_path.rglob("*.md"):
        text = page.read_text("utf-8")
        assert [target for _, target, _ in site.LINK.findall(text) if not (page.parent / target).is_file()] == [], page
    home = (tmp_path / "README.md").read_text("utf-8")
    assert home.startswith("# planning_check") and "README" not in re.sub(r"\w+/README", "", home)
    assert ("开发企业" in home) is (lang == "zh")
    rule = (tmp_path / "rules/area/AR03_as_built.yaml.md").read_text("utf-8")
    assert (ROOT / "rules/area/AR03_as_built.yaml").read_text("utf-8") in rule


def test_a_link_that_leads_nowhere_is_named(tmp_path, monkeypatch):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/one.md").write_text("see [two](two.md)\n", "utf-8")
    monkeypatch.setattr(site, "ROOT", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"docs/one\.md: two\.md"):
        site.stage(["docs/one.md"], "zh", tmp_path / "staged")


def test_a_chinese_sentence_has_no_break_and_code_keeps_its_own(tmp_path, monkeypatch):
    (tmp_path / "one.md").write_text("逐条列出，\n不当作符合。\nEnglish\n中文\n\n```\n一\n二\n```\n", "utf-8")
    monkeypatch.setattr(site, "ROOT", tmp_path)
    site.stage(["one.md"], "zh", tmp_path / "staged")
    assert (tmp_path / "staged/one.md").read_text("utf-8") == "逐条列出，不当作符合。\nEnglish\n中文\n\n```\n一\n二\n```\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    pytest.importorskip("material", reason="pip install -e '.[docs]'; .ci/run does")
    folder = tmp_path_factory.mktemp("site") / "planning_check_docs"
    with pytest.MonkeyPatch.context() as own:
        own.setenv("SOURCE_DATE_EPOCH", "0")  # as the tool sets it for itself; tests after this one have their own day
        site.build(folder)
    return folder


def test_the_site_has_both_languages_and_asks_nothing_of_a_network(built):
    for home, lang in (("index.html", "zh"), ("en/index.html", "en")):
        assert f'lang="{lang}"' in (built / home).read_text("utf-8")
        assert (built / home).parent.joinpath("docs/first_steps.html").is_file()
    for page in built.rglob("*.html"):
        led = re.findall(r"(?:src|href)=\"([^\":#?]+)[\"#?]", page.read_text("utf-8"))
        gone = [link for link in set(led) if not (page.parent / unquote(link)).exists()]
        assert page.name == "404.html" or gone == [], page  # that page has no place of its own
        asked = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"?((?:https?:)?//[^\" >]*)", page.read_text("utf-8"))
        assert asked == [], page
    with zipfile.ZipFile(built.with_name(built.name + ".zip")) as packed:
        files = sorted(f"{built.name}/{path.relative_to(built).as_posix()}" for path in built.rglob("*") if path.is_file())
        assert packed.namelist() == files


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("home", "word", "page"), [("index.html", "对照表", "mapping.html"), ("en/index.html", "mapping", "mapping.html")])
def test_the_site_opens_from_a_disk_and_is_searched_there(built, width, home, word, page):
    chromium = program("chromium")
    if chromium is None:
        pytest.skip("no chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        shown = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto((built / home).as_uri())
        if width == 390:
            shown.click("label[for=__search]")
        else:
            shown.click(".md-search__input")
        shown.keyboard.type(word)
        shown.keyboard.press("End")
        shown.wait_for_selector(f".md-search-result__link[href*='{page}']", state="attached", timeout=20_000)
        # the circle behind the search grows out of the page while it opens (which cannot be scrolled then): what it is like when it is open
        shown.wait_for_function(f"document.documentElement.scrollWidth <= {width}", timeout=10_000)
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
        browser.close()
