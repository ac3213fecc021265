"""Two years of meetings on the bundled city: what is decided comes back, is followed, is struck off on proof, and reopens by itself."""

import datetime as dt
import json
import random
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from planning_check import pipeline
from planning_check.cases import FIELDS, KEY
from planning_check.store import cases, check_log, findings, load_run, open_store

SERIES = "棠川市"
WAIVER = """waivers:
  - {rule: AR03, subject: XM2006056, reason: 列入旧改, approved_by: 王某, second_approved_by: 李某, from: 2012-09-01, to: 2013-03-31, risk: 延期}
"""
DEMO = pipeline.bundled("data") / "demo"
COMPLETED, SURVEYED, HANDED = (
    ("住建局/竣工与保证金.xlsx", "项目竣工"),
    ("房管局/用房现状.xlsx", "项目竣工测绘"),
    ("民政局/备案与移交.xlsx", "用房移交"),
)


class City:
    """A delivery that changes, its database, and the day on which the program is run."""

    def __init__(self, folder: Path, call, monkeypatch) -> None:
        self.delivery, self.db, self._call, self._clock = folder / "2011-06-30", folder / "runs.sqlite", call, monkeypatch
        self.folder, self.chance = folder, random.Random(7)
        shutil.copytree(DEMO, self.delivery)

    def run(self, day: str, *arguments: object, exit_code: int = 0) -> str:
        """A command on a day: what it printed."""
        noon = dt.datetime.fromisoformat(f"{day}T12:00:00+08:00")
        self._clock.setenv("SOURCE_DATE_EPOCH", str(int(noon.timestamp())))
        code, out, err = self._call(*arguments, "--db", f"sqlite:///{self.db}", "--lang", "en")
        assert code == exit_code, f"{arguments}: {code}\n{out[-3000:]}\n{err[-3000:]}"
        return out + err

    def check(self, day: str, *more: object) -> str:
        return self.run(day, "check", self.delivery, "--as-of", day, "--series", SERIES, "--by", "李办事", *more)

    def deliver(self, day: str) -> None:
        """The bureaus send their files again, as of a day, into a folder of its own; that of before stays as it was."""
        before, self.delivery = self.delivery, self.folder / day
        shutil.copytree(before, self.delivery)
        told = self.delivery / "delivery.yaml"
        told.write_text(re.sub(r"(?m)^as_of: .*$", f"as_of: {day}", told.read_text("utf-8")), "utf-8")

    def case(self, day: str, *arguments: object, by: str = "王秘书", exit_code: int = 0) -> str:
        return self.run(day, "case", *arguments, "--by", by, exit_code=exit_code)

    def edit(self, table: tuple[str, str], change) -> None:
        """Change a sheet as a bureau would: ``change(rows)`` gets the rows with their heads as dicts of cells."""
        path = self.delivery / table[0]
        book = openpyxl.load_workbook(path)
        change(Sheet(book[table[1]]))
        book.save(path)

    def found(self, run: int | None = None, **wanted: str) -> list[dict]:
        """The findings of a run (the latest) with these values."""
        engine = open_store(f"sqlite:///{self.db}", write=False)
        try:
            every = findings(engine, load_run(engine, run).id)
            return [f for f in every if all(f[name] == value for name, value in wanted.items())]
        finally:
            engine.dispose()

    def finding(self, key: str) -> dict:
        return next(iter(self.found(fingerprint=key)))

    def key(self, rule: str, subject: str) -> str:
        found = [f["fingerprint"] for f in self.found(rule_id=rule, subject_key=subject)]
        assert len(found) == 1, (rule, subject)
        return found[0]

    def diff(self, day: str, before: int, after: int) -> dict[str, tuple]:
        """Fingerprint -> kind, and the sets of things of which each is its cause: every one of them proved."""
        path = self.folder / f"diff_{before}_{after}.json"
        self.run(day, "diff", before, after, "-o", path)
        changes = json.loads(path.read_text("utf-8"))["changes"]
        assert all(one["cause"]["proved"] for one in changes if one["cause"])
        return {one["fingerprint"]: (one["kind"], one["cause"] and tuple(map(tuple, one["cause"]["ways"]))) for one in changes}

    @property
    def states(self) -> dict[str, str]:
        engine = open_store(f"sqlite:///{self.db}", write=False)
        try:
            assert list(check_log(engine)) == []
            return {key: case.state for key, case in cases(engine, SERIES).items()}
        finally:
            engine.dispose()

    def papers(self, day: str) -> Path:
        """The workbook of the latest run, written anew."""
        folder = self.folder / f"papers_{day}"
        self.run(day, "report", "--only", "workbook", "-o", folder)
        return folder / "meeting_en.xlsx"

    def meeting(self, day: str, number: str, **decisions: dict[str, object]) -> str:
        """Write the workbook, fill it in as a person would, shuffle its rows, and read it back."""
        path = self.papers(day)
        book = openpyxl.load_workbook(path)
        left = dict(decisions)
        for sheet in book.worksheets:
            heads = {cell.value: cell.column for cell in sheet[3]}
            if KEY.en not in heads or FIELDS["conclusion"].label.en not in heads:
                continue
            for row in range(4, sheet.max_row + 1):
                said = left.get(sheet.cell(row, heads[KEY.en]).value or "", {})
                if said and all(FIELDS[name].label.en in heads for name in said):
                    for name, value in said.items():
                        sheet.cell(row, heads[FIELDS[name].label.en]).value = value
                    del left[sheet.cell(row, heads[KEY.en]).value]
            self._shuffle(sheet)
        assert not left, "no row of the workbook is about it"
        book.save(path.with_name("filled.xlsx"))
        told = ("--meeting-on", day, "--resolution-no", number, "--by", "王秘书", "--yes")
        return self.run(day, "decide", path.with_name("filled.xlsx"), *told)

    def _shuffle(self, sheet) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        self.chance.shuffle(rows)
        for number, row in enumerate(rows, 4):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value
            sheet.row_dimensions[number].hidden = number % 3 == 0


class Sheet:
    """A sheet of a bureau with its heads found by name."""

    def __init__(self, sheet) -> None:
        self.sheet = sheet
        self.head = next(n for n in range(1, 6) if "项目编号" in [cell.value for cell in sheet[n]])
        self.columns = {cell.value: cell.column for cell in sheet[self.head]}

    def row(self, key: str) -> int:
        return next(n for n in range(self.head + 1, self.sheet.max_row + 1) if self.sheet.cell(n, self.columns["项目编号"]).value == key)

    def set(self, key: str, head: str, value: object) -> object:
        cell = self.sheet.cell(self.row(key), self.columns[head])
        before, cell.value = cell.value, value
        return before

    def add(self, like: str, **values: object) -> None:
        """A row more, as that of another project with other values."""
        number, last = (
            self.row(like),
            max(n for n in range(1, self.sheet.max_row + 1) if self.sheet.cell(n, self.columns["项目编号"]).value),
        )
        for head, column in self.columns.items():
            if head:
                self.sheet.cell(last + 1, column).value = values.get(head, self.sheet.cell(number, column).value)


@pytest.fixture
def city(tmp_path, call, monkeypatch):
    return City(tmp_path, call, monkeypatch)


@pytest.mark.long
def test_what_is_decided_is_followed_until_it_is_proved(city):  # noqa: PLR0915 - one story
    city.check("2011-06-30")
    rectified, on_paper, dismissed = city.key("HO01", "XM2006050"), city.key("HO01", "XM2006044"), city.key("AR03", "XM2006049")
    forfeited, office, deferred = city.key("MO05", "XM2006045"), city.key("OF01", "BG001"), city.key("AR03", "XM2005026")
    waived = city.key("AR03", "XM2006056")
    city.meeting("2011-07-08", "纪要〔2011〕3号", **{
        rectified: {"conclusion": "confirmed", "due_on": "2011-09-30", "responsible": "民政"}, on_paper: {"conclusion": "confirmed"},
        dismissed: {"conclusion": "dismissed", "note": "按合同已交"}, deferred: {"conclusion": "deferred"},
        forfeited: {"conclusion": "confirmed", "scope": "in proportion", "amount_yuan": 201995.82, "due_on": "2011-08-31"},
        office: {"conclusion": "confirmed", "measure": "return by the developer", "site": "榕园 2 号楼", "due_on": "2011-12-31"},
    })  # fmt: skip
    decided = dict.fromkeys((rectified, on_paper, forfeited, office), "confirmed") | {dismissed: "dismissed", deferred: "deferred"}
    assert city.states == decided

    city.check("2011-10-10")
    assert city.states == decided, "nothing was delivered anew: nothing is reopened"
    city.case("2011-10-12", "report", on_paper, "--done-on", "2011-10-11", "--role", "bureau", by="张经办")
    city.case("2011-10-12", "close", on_paper, exit_code=3)
    assert city.states == decided | {on_paper: "reported"}

    city.deliver("2012-01-10")
    city.edit(HANDED, lambda sheet: [sheet.set("XM2006050", head, value) for head, value in (
        ("接收单位", "照壁社区居民委员会"), ("接收单位性质", "社区居委会"), ("移交价款(元)", 0), ("实际移交日期", "2011年9月20日"))])  # fmt: skip
    surveyed = []
    city.edit(SURVEYED, lambda sheet: surveyed.append(sheet.set("XM2006049", "竣工总建筑面积(㎡)", 60000)))
    told = city.check("2012-01-10")
    assert city.states == decided | {on_paper: "open", dismissed: "open"}, "done on paper; and the facts of the dismissal have changed"
    assert "Reopened" in told or "reopened" in told
    shown = [city.run("2012-01-10", "case", key) for key in (dismissed, on_paper)]
    assert "60,000.00" in shown[0] and "the facts that it was dismissed on have changed" in " ".join(shown[0].split())
    assert "done on paper" in shown[1] and "2011-10-11" in shown[1]

    city.case("2012-01-12", "close", rectified, exit_code=3)  # it passes, and nothing proves it yet
    certificate = city.folder / "移交凭证.pdf"
    certificate.write_bytes(b"%PDF-1.4 signed and sealed")
    proof = ("prove", rectified, "--proof", "handover_certificate", "--file", certificate, "--on", "2011-09-20", "--keep")
    city.case("2012-01-12", *proof)
    city.case("2012-01-12", "close", rectified)
    city.meeting("2012-01-15", "纪要〔2012〕1号", **{
        dismissed: {"conclusion": "confirmed"}, on_paper: {"conclusion": "confirmed", "due_on": "2012-03-31"}})  # fmt: skip
    decided |= {rectified: "closed", dismissed: "confirmed", on_paper: "confirmed"}
    assert city.states == decided

    city.deliver("2012-07-10")
    city.edit(HANDED, lambda sheet: sheet.set("XM2006050", "接收单位性质", "业委会"))
    city.check("2012-07-10")
    assert city.states == decided | {rectified: "open"}, "struck off, and its rule fails again"

    rules = city.folder / "本市规则"
    rules.mkdir()
    (rules / "overrides.yaml").write_text("off: {PL06: 本市不核}\n", "utf-8")
    (rules / "waivers.yaml").write_text(WAIVER, "utf-8")
    city.check("2012-10-10", "--rules", rules)
    assert city.finding(waived)["waived_until"] == "2013-03-31" and city.finding(waived)["outcome"] == "violation"
    before = [sum(line["yuan"] or 0 for line in city.found(rule_id="AR03", outcome="violation", run=run)) for run in (4, 5)]
    assert before[0] == before[1], "what is waived stays in every sum"
    told = city.check("2013-06-30", "--rules", rules)
    assert city.finding(waived)["waived_until"] is None and "expired" in told

    day = "2013-06-30"
    ways = {number: {key: (kind, why) for key, (kind, why) in city.diff(day, number, number + 1).items()} for number in range(1, 6)}
    assert {ways[1][key][0] for key in (deferred, forfeited, office)} == {"decided"}
    assert {why for _, why in ways[1].values() if why} == {(("time",),)}, "the same files by the same rules"
    assert ways[2][dismissed][1] == (("data",),) and ways[2][rectified][0] == "gone"
    assert ways[3][rectified][1] == (("data",),) and ways[3][rectified][0] == "reopened"
    off = {f["fingerprint"] for f in city.found(rule_id="PL06", outcome="violation", run=4)}
    assert off and {ways[4][key] for key in off} == {("gone", (("rules",),))}
    assert {why for _, why in ways[5].values() if why} == {(("time",),)}

    assert "Proved" in city.run(day, "verify")
    assert re.search(r"2011-12-31 .*BG001", city.run(day, "due")), "decided, due, and not done"
    book = openpyxl.load_workbook(city.papers(day))
    opened = [sheet for sheet in book.worksheets if any(office == cell.value for row in sheet.iter_rows() for cell in row)]
    assert len(opened) >= 2, "decided and not done: it opens the next workbook, beside its list"
