"""Two years of meetings on the bundled city: what is decided comes back, is followed, is struck off on proof, and reopens by itself."""

import csv
import datetime as dt
import json
import random
import re
import shutil
from decimal import Decimal
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
DEPOSITS, IN_LIEU = ("住建局/竣工与保证金.xlsx", "保证金流水"), ("住建局/竣工与保证金.xlsx", "折资缴款")
OWN, OTHER = "990102003001", "990102005003"  # the communities of XM2006045 and of XM2007112
#: Money that moves in the two years, by the delivery that tells it: number, project, what, yuan, day, community, use.
MOVES = {
    "2012-01-10": [("BZ0901", "XM2006045", "没收", "201995.82", "2011-08-25", None, None),
                   ("BZ0902", "XM2006045", "拨付社区", "150000.00", "2011-12-20", OWN, "社区用房")],
    "2012-07-10": [("BZ0903", "XM2006045", "拨付社区", "40000.00", "2012-05-10", OWN, "未使用"),
                   ("BZ0904", "XM2007112", "拨付社区", "10000.00", "2012-06-01", OTHER, "社区服务"),
                   ("ZZ901", "XM2006040", "折资", "105500.60", "2012-03-01", None, None)],
}  # fmt: skip


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

    def move_money(self, day: str) -> None:
        """Enter what moved in the registers of the latest delivery."""
        for number, project, what, yuan, on, community, use in MOVES[day]:
            beside: dict[str, object] = {"项目编号": project, "拨付社区代码": community, "资金用途": use}
            if what == "折资":
                told = {"缴款编号": number, "折资金额(元)": float(yuan), "应缴日期": on, "到账日期": on, "拨付日期": None}
                self.edit(IN_LIEU, lambda sheet, told=told, project=project, beside=beside: sheet.add(project, **told, **beside))
                continue
            told = {
                "流水号": number,
                "收支事项": what,
                "金额(万元)": float(Decimal(yuan) / 10_000),
                "发生日期": on,
                "决定文号": "纪要〔2011〕3号",
            }
            told |= {"款项去向": "财政专户", "依据类别": "合同约定"} if what == "没收" else {}
            self.edit(DEPOSITS, lambda sheet, told=told, project=project, beside=beside: sheet.add(project, **told, **beside))

    def funds(self, day: str, run: int, *asked: str) -> dict[str, dict[str, str]]:
        """The rows of a file of ``funds``, by its first column that names them."""
        path = self.folder / f"funds{'_'.join(asked)}_{run}.csv"
        self.run(day, "funds", *asked, "--run", run, "-o", path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {f"{row['id']} {row['why it does not match']}" if "id" in row else row["code"]: row for row in csv.DictReader(file)}

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
        """The annex of the latest run, a row a finding, written anew beside the pack of the meeting."""
        folder = self.folder / f"papers_{day}"
        self.run(day, "report", "--only", "workbook", "-o", folder)
        return folder / "annex.xlsx"

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


def yuan(text: str) -> Decimal:
    return Decimal(text.lstrip("'").replace(",", ""))


def closed(rows: dict[str, dict[str, str]]) -> Decimal:
    """Of every line what came in is what was credited and what is left; what is left in all. Nobody knows what was not read."""
    for code, row in rows.items():
        told = [row[f"{name}_{end}_yuan"] for name in ("opening", "came", "credited", "balance") for end in ("least", "most")]
        if "unknown" not in told:
            opening, _, came, _, credited, _, balance, _ = map(yuan, told)
            assert opening + came - credited == balance and told[::2] == told[1::2], code
    return sum(yuan(row["balance_most_yuan"]) for row in rows.values() if row["balance_most_yuan"] != "unknown")


def the_books_are_closed(city, day: str) -> None:
    """All that came in was used, lies unused with a community, or is left, and every gap of it is named. Between the first check and the
    last lies what moved, and nothing else."""
    (projects, years, gaps), (projects_then, _, gaps_then) = (
        [city.funds(day, run, *asked) for asked in (("--by", "project"), ("--by", "year"), ("--gaps",))] for run in (6, 1)
    )
    left = closed(projects)
    known = {code: row for code, row in years.items() if "unknown" not in row.values()}
    closed(years)
    assert left == yuan(known["2012"]["balance_most_yuan"]) == yuan("1112707.82")
    moved = {"came": Decimal("201995.82") + Decimal("105500.60"), "credited": Decimal(150_000 + 40_000 + 10_000)}
    read = [[row for code, row in rows.items() if code != "XM2007110"] for rows in (projects_then, projects)]
    sums = {name: [sum(yuan(row[f"{name}_most_yuan"]) for row in rows) for rows in read] for name in moved}
    assert {name: now - then for name, (then, now) in sums.items()} == moved, "XM2007110 has rows that were not read"
    assert closed(projects_then) + moved["came"] - moved["credited"] == left

    used = re.search(r"Credited money was used for: (.*?) Credited", " ".join(city.run(day, "funds", "--run", 6).split()))
    assert used and sum(map(yuan, re.findall(r"([\d,.]+\d) yuan", used[1]))) == sums["credited"][1]

    def named(rows: dict[str, dict[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
        return {(row["project"], row["why it does not match"]): (row["id"], row["left in the project, yuan"]) for row in rows.values()}

    assert {key: gap for key, gap in named(gaps).items() if named(gaps_then).get(key, ("",))[0] != gap[0]} == {
        ("XM2006045", "credited in part only"): ("BZ0901", "11,995.82"),
        ("XM2006040", "came in, never credited"): ("ZZ901", "105,500.60"),
        ("XM2007112", "credited beyond what came in"): ("BZ0904", "'-30,000.00"),
    }
    assert gaps.keys() >= gaps_then.keys()
    unequal = {
        code: yuan(row["balance_most_yuan"]) for code, row in projects.items() if row["balance_most_yuan"] not in ("unknown", "0.00")
    }
    assert {row["project"]: yuan(row["left in the project, yuan"]) for row in gaps.values() if row["left in the project, yuan"]} == unequal


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
    city.move_money("2012-01-10")
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
    city.move_money("2012-07-10")
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

    the_books_are_closed(city, day)

    assert "Proved" in city.run(day, "verify")
    assert re.search(r"2011-12-31 .*BG001", city.run(day, "due")), "decided, due, and not done"
    papers = city.papers(day)
    for name, least in ((papers, 2), (papers.with_name("meeting.xlsx"), 1)):
        sheets = openpyxl.load_workbook(name).worksheets
        held = [sheet.title for sheet in sheets if any(office == cell.value for row in sheet.iter_rows() for cell in row)]
        assert len(held) >= least, "decided and not done: on its list, and on a sheet of the next pack"
