"""``plan`` at the front door: what it is given, where it writes, and how it ends."""

import sqlite3
from contextlib import closing

import pytest

from planning_check.report.console.layout import WIDTH, display_width
from tests.siting.town import town


@pytest.fixture
def folder(tmp_path):
    return town(tmp_path / "town")


def plan(call, folder, *more):
    return call("plan", folder, "--facility", "elderly", "--as-of", "2011-06-30", "-q", "--lang", "en", *more)


def test_it_prints_the_answer_and_records_nothing(call, folder, tmp_path):
    code, out, err = plan(call, folder, "--sites", "1")
    assert (code, err) == (0, "") and "1 site chosen, 520 people newly served, 420,000.00 yuan" in out
    assert all(display_width(line) <= WIDTH for line in out.split("\n"))
    assert [path.name for path in tmp_path.iterdir()] == ["town"]


@pytest.mark.parametrize("budget", ["300000", "300,000", "30万", "300000元"])
def test_a_budget_as_people_write_it(call, folder, budget):
    code, out, _ = plan(call, folder, "--budget", budget)
    assert code == 0 and "300,000 yuan: 1 site chosen, 500 people" in out


@pytest.mark.parametrize(("more", "code", "said"), [
    (("--budget", "much"), 2, "write yuan, such as 3000000"), (("--budget", "-1"), 2, "write yuan"),
    (("--budget", "0.001"), 2, "write yuan"),
    (("--budget", "nan"), 2, "write yuan"),
    (("--budget", "1000"), 2, "the cheapest is F2"), (("--sites", "0"), 2, "--sites"),
    (("--facility", "elderley"), 2, "did you mean elderly"), (("--format", "gpkg"), 2, "add -o NAME.gpkg"),
    (("--population", "later"), 2, "Choose from now, planned"), (("--programme", "-o", "plan.gpkg"), 2, "no .gpkg file is written here"),
    (("--rules", "nowhere"), 2, "no such rules folder"),
])  # fmt: skip
def test_what_is_wrong_is_said(call, folder, more, code, said):
    found, _, err = plan(call, folder, *more)
    assert found == code and said in err


def test_nothing_to_site_is_exit_code_3(call, tmp_path):
    code, _, err = plan(call, town(tmp_path / "town", idle={}))
    assert code == 3 and "no site for 'elderly rooms and day care'" in err
    code, _, err = plan(call, tmp_path / "gone")
    assert code == 3 and "no such file or folder" in err


def test_a_folder_of_the_packs_name_where_one_works_is_not_the_pack(call, folder, tmp_path):
    (tmp_path / "packs" / "facilities").mkdir(parents=True)
    assert plan(call, folder)[0] == 0


def test_the_layers_open_styled_and_an_existing_file_is_kept(call, folder, tmp_path):
    target = tmp_path / "plan.gpkg"
    assert plan(call, folder, "-o", target)[0] == 0
    with closing(sqlite3.connect(target)) as made:
        styled = [row[0] for row in made.execute("SELECT f_table_name FROM layer_styles WHERE useAsDefault ORDER BY f_table_name")]
        told = dict(made.execute("SELECT item, told FROM about WHERE item LIKE 'Where to build%' AND told LIKE 'proven%'"))
    assert styled == ["about", "communities", "facilities", "sites"] and len(told) == 1
    before = target.read_bytes()
    code, _, err = plan(call, folder, "-o", target)
    assert code == 2 and "was not overwritten" in err and target.read_bytes() == before


def test_the_order_of_the_programme(call, folder):
    code, out, _ = plan(call, folder, "--programme")
    assert code == 0 and "score = no premises × 40" in " ".join(out.split())
