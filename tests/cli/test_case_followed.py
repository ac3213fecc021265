"""A rented office from the first check to its strike-off and back, with real files, rules and checks between."""

import pytest

from planning_check.store import cases, check_log, events, findings, load_run, open_store

SERIES = "棠城"
DISTRICTS = "区县代码,区县名称\n990102,棠城区\n"
COMMUNITIES = "社区代码,社区名称,区县代码\n990102001001,新城社区,990102\n"
OFFICE = "办公用房编号,社区代码,用房性质,办公用房面积\nB1,990102001001,{tenure},{area}\n"
OWN_PROOFS = """kinds:
  lease_ended: {zh: 退租协议, en: the agreement that ends the lease}
demands:
  - {rules: [OF01], proofs: [lease_ended], cite: 市里的规定, verified: no}
"""


class City:
    """A folder of deliveries, a database, and commands about them."""

    def __init__(self, call, folder):
        self.call, self.folder, self.db = call, folder, folder / "库.sqlite"
        self.rules = ()
        (folder / "报送").mkdir()
        (folder / "报送" / "区县.csv").write_text(DISTRICTS, "utf-8")
        (folder / "报送" / "社区.csv").write_text(COMMUNITIES, "utf-8")

    def check(self, day, tenure="租用", area=120):
        """What the check says beside its summary."""
        (self.folder / "报送" / "办公用房.csv").write_text(OFFICE.format(tenure=tenure, area=area), "utf-8")
        asked = ("--as-of", day, "--series", SERIES, "--select", "OF01", "--db", self.db, "-q", "--lang", "zh", *self.rules)
        code, out, err = self.call("check", self.folder / "报送", *asked)
        assert code == 0, out + err
        return err

    @property
    def engine(self):
        return open_store(str(self.db), write=False)

    @property
    def key(self):
        return next(iter(findings(self.engine, 1)))["fingerprint"]

    def state(self):
        case = cases(self.engine, SERIES)[self.key]
        return case.state, case.reopened

    def step(self, *arguments):
        code, out, err = self.call("case", arguments[0], self.key, *arguments[1:], "--db", self.db, "--lang", "zh")
        return code, "".join((out + err).split())

    def decide(self, conclusion, number):
        meeting = ("--meeting-on", "2011-07-08", "--resolution-no", number, "--yes", "--db", self.db)
        assert self.call("decide", "--case", self.key, "--conclusion", conclusion, *meeting)[0] == 0

    def prove(self, kind, name):
        (self.folder / name).write_text(name, "utf-8")
        assert self.step("prove", "--proof", kind, "--file", self.folder / name, "--on", "2011-08-01")[0] == 0


@pytest.fixture
def town(call, tmp_path):
    city = City(call, tmp_path)
    city.check("2011-06-30")
    return city


def test_a_rented_office_is_followed_until_it_is_struck_off_and_comes_back(town):
    town.decide("不予认定", "1号")
    assert "重新立案" not in town.check("2011-07-31") and town.state() == ("dismissed", 0), "the same facts, a later day"
    assert "重新立案 1 件：不予认定所依据的事实变了 1" in town.check("2011-08-31", area=80) and town.state() == ("open", 1)
    assert "用房面积120.00㎡→80.00㎡" in town.step("show")[1]
    town.decide("认定", "2号")
    assert town.step("report", "--done-on", "2011-09-01")[0] == 0
    told = town.check("2011-09-30", area=80)
    assert "报称办结，仍不合规（纸面办结） 1" in told and "case list --reopened" in told and town.state() == ("open", 2)
    code, told = town.step("close")
    assert code == 3 and "结论是“违规”" in told
    assert "重新立案" not in town.check("2011-10-31", "自有（有产权）") and town.state() == ("open", 2)
    code, told = town.step("close")
    assert code == 3 and "产权证或移交凭证；现场核查记录（附照片）" in told
    town.prove("产权证", "产权证.pdf")
    town.prove("现场核查记录", "照片.jpg")
    assert town.step("close")[0] == 0 and town.state() == ("closed", 2)
    assert "重新立案" not in town.check("2011-11-30", "自有（有产权）", area=81) and town.state() == ("closed", 2)
    assert "销号后又不合规 1" in town.check("2011-12-31", "借用", area=80) and town.state() == ("open", 3)
    told = town.step("prove", "--proof", "inspection", "--file", town.folder / "照片.jpg", "--on", "2011-12-31")[1]
    assert "同一个文件在重新立案之前已经归过" in told and "已经归过" not in town.step("remark", "--note", "x")[1]
    assert len(cases(town.engine, SERIES)[town.key].proofs) == 1 and list(check_log(town.engine)) == []
    actions = [event.action for event in events(town.engine, SERIES, of_case=town.key)]
    assert actions == ["dismiss", "reopen", "confirm", "report", "reopen", "prove", "prove", "close", "reopen", "prove", "remark"]


def test_an_office_that_is_not_delivered_any_more_is_not_struck_off(town):
    (town.folder / "报送" / "办公用房.csv").unlink()
    code, *_ = town.call(
        "check", town.folder / "报送", "--as-of", "2011-07-31", "--series", SERIES, "--select", "OF01", "--db", town.db, "-q"
    )
    assert load_run(town.engine).as_of.isoformat() == "2011-07-31", code
    town.prove("产权证", "产权证.pdf")
    town.prove("现场核查记录", "照片.jpg")
    code, told = town.step("close")
    assert code == 3 and "没有查不等于合规" in told


def test_a_citys_own_proofs_hold_from_the_next_check_on_and_change_no_root(town):
    (town.folder / "规则").mkdir()
    (town.folder / "规则" / "proofs.yaml").write_text(OWN_PROOFS, "utf-8")
    before = load_run(town.engine).root
    town.check("2011-06-30")
    assert load_run(town.engine).id == 1, "nothing changed"
    town.rules = ("--rules", town.folder / "规则")
    town.check("2011-06-30")
    assert (load_run(town.engine).id, load_run(town.engine).root) == (2, before)
    town.check("2011-07-31", "自有（有产权）")
    assert "缺退租协议" in town.step("show")[1]
    town.prove("退租协议", "退租.pdf")
    assert town.step("close")[0] == 0
