import pytest

from planning_check.pipeline.reporting import gather
from planning_check.report import page
from planning_check.report.told.summarising import summarise
from planning_check.store import Told, load_run, open_store, save_run, totals
from tests import city
from tests.outside import program
from tests.store.tables import TELLINGS, connection, manifest


@pytest.fixture(scope="session")
def engine():
    """A store in memory with the tiny run in it."""
    engine = open_store("sqlite://")
    save_run(engine, connection(), manifest(), TELLINGS)
    return engine


@pytest.fixture(scope="session")
def summary(engine):
    return summarise(totals(engine))


WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="session")
def city_pack(tmp_path_factory):
    """What the reports of the bundled city are made from, the second of two runs."""
    engine = open_store(city.checked(tmp_path_factory.mktemp("city")), write=False)
    with Told(2) as told:
        yield gather(engine, load_run(engine), told)


@pytest.fixture(scope="session")
def folder(city_pack, tmp_path_factory):
    """The bundled city's pages."""
    folder = tmp_path_factory.mktemp("page")
    for lang in ("zh", "en"):
        page.write(city_pack, folder, lang)
    return folder


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program("chromium"), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, folder):
    """Open the page at a width; whatever it asks for beyond itself, or says to the console, fails the test."""
    asked, said, pages = [], [], []

    def go(fragment="", *, lang="zh", width="desk", **options):
        wide, high = WIDTHS[width]
        tab = browser.new_page(viewport={"width": wide, "height": high}, **options)
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.goto(f"{(folder / f'findings_{lang}.html').as_uri()}{fragment}")
        pages.append(tab)
        return tab

    yield go
    for tab in pages:
        tab.close()
    assert {url.split("#")[0] for url in asked if not url.startswith("data:")} <= {
        (folder / f"findings_{x}.html").as_uri() for x in ("zh", "en")
    }
    assert said == []
