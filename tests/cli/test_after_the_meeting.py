"""Every command of "After the meeting", from the first line of the page to the last, on the bundled city, in both languages."""

import datetime as dt
import json
import re
import shlex
from pathlib import Path

import openpyxl
import pytest

from planning_check import pipeline
from planning_check.cases import FIELDS, KEY, REVISIT, REVISITS
from planning_check.store import Filters, findings, head, load_run, open_store
from planning_check.words import PAPERS

PAGE = Path(__file__).parents[2] / "docs" / "after_the_meeting.md"
SERIES = "棠川市（虚构）社区公益性用房四部门报送"
DATABASE = "planning_check.sqlite"  # where the commands look when nobody says where
#: What a command of the page ends with where it is not 0: what stands open may not be struck off.
REFUSED = {"case close": 3}


@pytest.fixture(params=["zh", "en"])
def office(request, call, monkeypatch, tmp_path):
    """The folder of an office after five checks and with the papers of the fifth; runs a command of the page there."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(dt.datetime(2011, 9, 1, 4, tzinfo=dt.UTC).timestamp())))

    def run(command: str, exit_code: int = 0) -> str:
        code, out, err = call(*shlex.split(command), "--lang", request.param)
        assert code == exit_code, f"{command}: {code}\n{out[-2000:]}\n{err[-2000:]}"
        return out

    for day in ("2011-02-28", "2011-03-31", "2011-04-30", "2011-05-31", "2011-06-30"):
        run(f"check {(pipeline.bundled('data') / 'demo').as_posix()} --as-of {day} --series '{SERIES}' -q --by 李办事")
    run("report --only workbook -o papers")
    (tmp_path / "papers" / PAPERS["meeting"].get(request.param)).rename(tmp_path / "会议材料.xlsx")
    (tmp_path / "移交书.pdf").write_bytes(b"%PDF-1.4 signed and sealed")
    return Office(tmp_path, run, request.param)


class Office:
    def __init__(self, folder, run, lang):
        self.folder, self.run, self.lang = folder, run, lang
        with_store = open_store(f"sqlite:///{folder / DATABASE}", write=False)
        deposits = findings(with_store, load_run(with_store).id, Filters(list="deposits", outcome="violation"))
        self.keys = [f["fingerprint"] for f in deposits][:3]
        with_store.dispose()

    def own(self, command: str) -> str:
        """The command with what is another in every database: a key, the head of the log, the root of the run."""
        store = open_store(f"sqlite:///{self.folder / DATABASE}", write=False)
        end, root = head(store, SERIES), load_run(store).root
        store.dispose()
        command = command.replace("3f0c9a51d2e7b846", self.keys[0]).replace("--lang en", "")
        command = re.sub(r"\S+:14:[0-9a-f]{64}", f"{end.series}:{end.seq}:{end.hash}", command)
        return re.sub(r"(?<=--root )[0-9a-f]{64}\b", root, command)

    def fill(self, name: str, **said: str) -> None:
        """Type into the first three rows of a workbook as a person would, under these heads."""
        book, left = openpyxl.load_workbook(self.folder / name), 3
        for sheet in book.worksheets:
            rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
            top = next((n for n, row in enumerate(rows) if {KEY.get(self.lang), *said} <= set(row)), len(rows))
            for number in range(top + 1, len(rows)):
                if left and rows[number][rows[top].index(KEY.get(self.lang))]:
                    left -= 1
                    for title, value in said.items():
                        sheet.cell(number + 1, rows[top].index(title) + 1).value = value
        assert not left
        book.save(self.folder / name)


def commands() -> list[str]:
    text = PAGE.read_text("utf-8")
    return [line.removeprefix("planning-check ") for block in re.findall(r"```\n(.*?)```", text, re.DOTALL) for line in block.split("\n")
            if line.startswith("planning-check ")]  # fmt: skip


@pytest.mark.long
def test_every_command_of_the_page_does_what_it_says(office):
    word = FIELDS["conclusion"]
    office.fill("会议材料.xlsx", **{word.label.get(office.lang): word.choices["confirmed"].get(office.lang)})
    (office.folder / "八月办理.csv").write_text(f"键,步骤,备注\n{office.keys[1]},备注,已催办\n", "utf-8")
    said = commands()
    assert len(said) > 25
    for command in said:
        if command.startswith("revisit"):
            visit = {"found": REVISITS["broken"].get(office.lang), "visited_by": "李审", "visited_on": "2011-08-30"}
            office.fill("sample.xlsx", **{REVISIT[name].get(office.lang): value for name, value in visit.items()})
        yes = " --yes" if command.startswith(("decide", "case enter")) else ""
        who = " --by 王秘书" if command.startswith("decide") else ""
        name = " ".join(command.split()[:2])
        office.run(office.own(command) + who + yes, REFUSED.get(name, 0))
    assert json.loads((office.folder / "proof.json").read_text("utf-8"))
    assert {"evidence.zip", "changes.xlsx", "sample.xlsx", "due.csv", "unchecked.csv"} <= {path.name for path in office.folder.iterdir()}
