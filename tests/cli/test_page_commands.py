"""Every command that a page shows is run as it stands there; what cannot be run here is listed with the reason, and the list is true."""

import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.cases import FIELDS, REVISIT, REVISITS
from planning_check.store import Filters, findings, load_run, open_store
from tests import city
from tests.cli.test_after_the_meeting import Office
from tests.province import cities
from tests.test_own_rule import FILES
from tests.test_own_tables_page import FILES as OF_TABLES
from tools import wheelhouse

ROOT = Path(__file__).parents[2]
#: Pages whose commands have a test of their own, and those that show no command to type.
ELSEWHERE = {"docs/after_the_meeting.md": "tests/cli/test_after_the_meeting.py", "docs/what_if.md": "tests/test_pages.py"}
PAGES = [
    page
    for page in ("README.md", "README.zh.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
    if page not in ELSEWHERE and page != "docs/ARCHITECTURE.md"
]
#: The beginning of a line that is not run here -> why.
NOT_RUN = {
    "python3 -m venv .venv": "installs from the internet; .ci/run does so in a fresh clone",
    "30 18 * * 1-5": "a line for cron",
    "pg_dump ": "a PostgreSQL server",
    "createdb ": "a PostgreSQL server",
    "pg_restore ": "a PostgreSQL server",
    "planning-check db check --db postgresql+psycopg://host/": "a PostgreSQL server",
}
#: What a command ends with where it is not 0.
ENDS = {
    "check FOLDER --fail-on critical": 1,
    # of the eight cities one is broken and one an empty folder
    **dict.fromkeys((
        "province run plan.json --out results --workers 2", "province status plan.json --out results",
        "province verify plan.json --out results --sample 1 --seed 7", "province merge plan.json --out results",
    ), 3),
}  # fmt: skip
#: What stands for something else on every page -> what it is in the bundled city.
MEANT = {
    "PROJECT_ID": "XM2006065",
    "宗地.shp=": "宗地与旧城改造.gpkg=",
    "--rules OUR_CITY": "--rules examples/tiers",
    "NAME": "91990128465303108H",
}


def shown(page: str) -> list[str]:
    """The lines of the blocks of code, and the commands within sentences, in their order; comments are left out."""
    text = re.sub(r"^```(?:text|yaml|sh|bat|python)\n.*?^```", "", (ROOT / page).read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    found = []
    for block, within in re.findall(r"^```\n(.*?)^```|`(planning-check [^`\n]+)`", text, re.DOTALL | re.MULTILINE):
        found += [re.sub(r"\s+# .*", "", line) for line in block.splitlines() if line.strip() and line[0] != "#"] if block else [within]
    return list(dict.fromkeys(found))


def not_run(line: str) -> bool:
    return line.startswith(tuple(NOT_RUN))


class World:
    """The folder of an office with two checks of the bundled city on record, in which the commands of one page are typed."""

    def __init__(self, folder: Path, call, monkeypatch) -> None:
        self.folder, self.call, self.monkeypatch = folder, call, monkeypatch
        city.checked(folder)
        (folder / "runs.sqlite").rename(folder / "planning_check.sqlite")
        for name, text in {**FILES, **OF_TABLES}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        self.delivery = (pipeline.bundled("data") / "demo").as_posix()
        self.office = Office(folder, None, "zh")
        store = open_store("sqlite:///planning_check.sqlite", write=False)
        self.key = next(f["fingerprint"] for f in findings(store, load_run(store).id, Filters(rule="AR03", outcome="violation")))
        self.root = load_run(store).root
        store.dispose()

    def type(self, line: str) -> None:
        if "OUR_PROVINCE" in line:
            cities.write(self.folder / "OUR_PROVINCE")
        words = shlex.split(self.meant(line))
        if words[0] == "cd":
            self.monkeypatch.chdir(words[1])
            shutil.copytree(self.delivery, "报送", dirs_exist_ok=True)  # what a person does next: put registers into the folder
        elif words[:3] == ["python", "-m", "tools.wheelhouse"]:
            wheelhouse.main([f"{words[3]}{len(list(self.folder.iterdir()))}", *words[4:]])
        elif words[:2] == ["python", "-m"]:
            assert subprocess.run([sys.executable, "-m", *words[2:], "--help"], cwd=ROOT, capture_output=True, check=False).returncode == 0
        else:
            assert words[0] == "planning-check", line
            self.prepare(words[1])
            code, out, err = self.call(*words[1:])
            wanted = ENDS.get(line.removeprefix("planning-check "), 0)
            assert code == wanted, f"{line}: {code}\n{out[-1500:]}\n{err[-1500:]}"

    def meant(self, line: str) -> str:
        if " template " not in line and "wheelhouse" not in line:
            line = re.sub(r"\bFOLDER\b", self.delivery, line)
        for said, meant in MEANT.items():
            line = line.replace(said, meant)
        line = re.sub(r" XM2$", " XM2006065", line)  # of five projects that tests/cli/test_first_delivery.py types in
        rules = pipeline.bundled("rules").as_posix()
        line = line.replace("OLD NEW", f"{rules} {rules}/examples/tiers").replace("-o rules/README.md", "-o rules.md")
        line = re.sub(r"\bKEY\b|3f0c9a51d2e7b846", self.key, re.sub(r"\bROOT\b", self.root, line))
        return line + (
            " --yes --by 王秘书 --resolution-no 纪要〔2011〕3号" if " decide " in line else " --yes" if " revisit " in line else ""
        )

    def prepare(self, command: str) -> None:
        """What a person does between two commands: fill in the workbook of the meeting, or the sample."""
        if command == "decide":
            assert self.call("report", "--only", "workbook", "--lang", "zh", "-o", "filled")[0] == 0
            (self.folder / "filled/会议材料.xlsx").rename(self.folder / "会议材料.xlsx")
            said = FIELDS["conclusion"]
            self.office.fill("会议材料.xlsx", **{said.label.zh: said.choices["confirmed"].zh})
        elif command == "revisit":
            visit = {"found": REVISITS["broken"].zh, "visited_by": "李审", "visited_on": "2011-08-30"}
            self.office.fill("sample.xlsx", **{REVISIT[name].zh: value for name, value in visit.items()})


@pytest.fixture
def world(tmp_path, call, monkeypatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setattr(wheelhouse, "_pip", _stand_in)
    return World(tmp_path, call, monkeypatch)


def _stand_in(*arguments: str) -> None:
    """In the place of pip, which asks the internet; tests/test_wheelhouse.py runs it on wheels of its own."""
    from tests.test_wheelhouse import wheel

    if arguments[0] == "wheel":
        wheel(Path(arguments[arguments.index("-w") + 1]), "planning_check")


@pytest.mark.long
@pytest.mark.parametrize("page", [page for page in PAGES if [line for line in shown(page) if not not_run(line)]])
def test_every_command_of_a_page_does_what_it_says(world, page):
    _embeddable(world.folder / "python-3.12-embed-amd64.zip")
    for line in shown(page):
        if not not_run(line):
            world.type(line)


def _embeddable(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("python312._pth", "python312.zip\n.\n")


def test_what_is_not_run_stands_on_a_page_and_could_not_be_run_here():
    lines = [line for page in PAGES for line in shown(page)]
    assert len(lines) > 90
    for beginning in NOT_RUN:
        assert [line for line in lines if line.startswith(beginning)], beginning
        assert not beginning.startswith("planning-check ") or "://host/" in beginning
    for page, test in ELSEWHERE.items():
        assert Path(page).name in (ROOT / test).read_text("utf-8") or "after_the_meeting" in test
    ci = (ROOT / ".ci/run").read_text("utf-8")
    assert "README command 1" in ci and "README command 2" in ci


def script(name: str) -> str:
    return re.search(rf"`{re.escape(name)}`.*?```(?:sh|bat)\n(.*?)```", (ROOT / "docs/scheduled.md").read_text("utf-8"), re.DOTALL)[1]


@pytest.mark.long
def test_the_nightly_script_checks_reports_and_copies(tmp_path):
    """As cron runs it: from elsewhere, with a short PATH."""
    bin_, office = tmp_path / "bin", tmp_path / "our city"
    bin_.mkdir(), office.mkdir()
    (bin_ / "planning-check").write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m planning_check "$@"\n', "utf-8")
    (bin_ / "planning-check").chmod(0o755)
    (office / "planning_check.toml").write_text(f'folder = "{(pipeline.bundled("data") / "demo").as_posix()}"\n', "utf-8")
    (office / "nightly.sh").write_text(script("nightly.sh"), "utf-8")
    environment = {"PATH": f"{bin_}:/usr/bin:/bin", "HOME": str(tmp_path)}
    for _ in range(2):
        done = subprocess.run(["sh", str(office / "nightly.sh")], cwd="/", env=environment, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (1, b"", b""), (office / "nightly.log").read_text("utf-8")
    assert {"papers", "due.csv", "backup.sqlite", "planning_check.sqlite"} <= {path.name for path in office.iterdir()}
    assert (office / "papers" / "findings_zh.html").is_file()
    (office / "planning_check.toml").write_text('folder = "gone"\n', "utf-8")
    done = subprocess.run(["sh", str(office / "nightly.sh")], cwd="/", env=environment, capture_output=True, check=False)
    assert done.returncode == 2


def test_the_script_for_windows_says_the_same_as_that_of_linux():
    """It cannot be run here: its commands are those that were run."""
    one, other = (
        {line.strip().split(" >>")[0] for line in re.findall(r"planning-check .*", script(name))} for name in ("nightly.sh", "nightly.cmd")
    )
    assert other <= one | {line.split(" && ")[0] for line in one} and len(other) == 3
