"""One finding is handed over with its proof: who holds the root sees that it was recorded so, and whatever is changed in it is found."""

import copy
import json

import pytest

from planning_check.pipeline.finding_proof import verify_proof
from planning_check.store import check_proof, findings, head, load_run, open_store
from planning_check.store.finding_proof import NoProof
from planning_check.store.models import SCHEMA_VERSION
from tests.store.tables import fingerprint
from tests.tampering import CASE, SERIES, recorded


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    return recorded(tmp_path_factory.mktemp("proof") / "runs.sqlite")


@pytest.fixture
def run(db):
    return load_run(open_store(db, write=False))


@pytest.fixture
def proof(db, call, tmp_path):
    code, _, err = call("verify", "--finding", CASE, "-o", "proof.json", "--db", db, "--lang", "en")
    assert code == 0 and err.startswith("Written to proof.json")
    return tmp_path / "proof.json"


def test_it_is_proved_by_the_root_alone(proof, run, call):
    code, out, _ = call("verify", proof, "--root", run.root, "--lang", "en")
    assert code == 0 and out.splitlines()[-1] == "Proved"
    assert "AR03 Short at the survey" in out and "area (㎡) 620.00" in out and "as of 2011-06-30" in out
    code, out, _ = call("verify", proof, "--root", run.root.upper(), "--lang", "zh")
    assert code == 0 and "违规" in out and "面积（㎡） 620.00" in out


def test_without_anything_from_paper_it_proves_nothing_yet(proof, call):
    code, out, _ = call("verify", proof, "--lang", "en")
    assert code == 3 and "NOT PROVED" in out and "--root ROOT" in out


def test_another_root_or_head_is_another_run(proof, db, call):
    engine = open_store(db, write=False)
    entry = json.loads(proof.read_text("utf-8"))["entry"]
    assert call("verify", proof, "--root", "0" * 64)[0] == 2
    assert call("verify", proof, "--head", f"{SERIES}:{entry['seq']}:{entry['hash']}")[0] == 0
    assert call("verify", proof, "--head", f"{SERIES}:{entry['seq']}:{'0' * 64}")[0] == 2
    assert call("verify", proof, "--head", f"别的城:4:{head(engine, SERIES).hash}")[0] == 2
    code, out, _ = call("verify", proof, "--head", f"{SERIES}:4:{head(engine, SERIES).hash}", "--lang", "en")
    assert code == 3 and "the entries between: planning-check bundle" in out


@pytest.mark.parametrize("number", range(7))
def test_every_finding_has_one(db, run, number, call, tmp_path):
    finding = list(findings(open_store(db, write=False), run.id))[number]
    assert call("verify", "--finding", finding["fingerprint"], "-o", "p.json", "--db", db)[0] == 0
    proven = check_proof(json.loads((tmp_path / "p.json").read_text("utf-8")))
    rows = proven.rows
    assert (rows["finding"]["rule_id"], rows["finding"]["subject_key"]) == (finding["rule_id"], finding["subject_key"])
    assert (rows["finding"]["outcome"], rows["finding"]["area_m2"]) == (finding["outcome"], finding["area_m2"])
    assert rows["run_subject"]["subject_name"] == finding["subject_name"] and proven.root == run.root


def leaves_of(told, path=()):
    """Every place of a proof that holds a text or a number."""
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for name, one in inner:
        if isinstance(one, dict | list):
            yield from leaves_of(one, (*path, name))
        elif one is not None:
            yield (*path, name)


def at(told, path):
    for name in path[:-1]:
        told = told[name]
    return told


def test_whatever_is_changed_in_it_is_found(proof):
    told = json.loads(proof.read_text("utf-8"))
    unseen = []
    for path in leaves_of(told):
        changed = copy.deepcopy(told)
        inner = at(changed, path)
        value = inner[path[-1]]
        inner[path[-1]] = value + 1 if isinstance(value, int) else value.replace("1", "2", 1) if "1" in value else value + " "
        if not refused(changed):
            unseen.append(path)
    assert unseen == []


def refused(told):
    try:
        check_proof(told)
    except NoProof:
        return True
    return False


def test_rows_that_are_each_on_record_and_of_different_findings_prove_nothing(proof, db, call, tmp_path):
    call("verify", "--finding", fingerprint("MO05", "P2"), "-o", "other.json", "--db", db)
    one, other = (json.loads((tmp_path / name).read_text("utf-8")) for name in ("proof.json", "other.json"))
    for number, row in enumerate(one["rows"]):
        mixed = copy.deepcopy(one)
        mixed["rows"][number] = next(each for each in other["rows"] if each["table"] == row["table"])
        assert refused(mixed), row["table"]
        assert refused(one | {"rows": [*one["rows"], row]}) and refused(one | {"rows": one["rows"][:number] + one["rows"][number + 1 :]})


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "null", f'{{"format": "planning_check proof 1", "shape": {SCHEMA_VERSION}}}', "[" * 99_999, "\ud800"]
)
def test_what_is_no_proof_is_told(call, tmp_path, content):
    (tmp_path / "p.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    code, out, err = call("verify", "p.json", "--lang", "en")
    assert code == 2 and ("the file is no proof" in err or "the file is no whole proof" in out)


def test_a_key_that_is_none_and_a_record_that_was_changed_are_told(db, call, tmp_path):
    for key in ("f" * 16, "not a key"):
        code, _, err = call("verify", "--finding", key, "-o", "p.json", "--db", db, "--lang", "en")
        assert code == 2 and f"the check has no such key: {key}" in err
    changed = recorded(tmp_path / "changed.sqlite")
    with open_store(changed).begin() as connection:
        connection.exec_driver_sql("UPDATE finding SET area_dm2 = 1 WHERE run_id = 2 AND rule_id = 'MO05'")
    code, _, err = call("verify", "--finding", CASE, "-o", "p.json", "--db", changed, "--lang", "en")
    assert code == 2 and "the run is not as it was recorded" in err and not (tmp_path / "p.json").exists()


def test_what_is_asked_for_wrongly_is_told(db, call, proof):
    assert "goes with --finding" in call("verify", "-o", "a.json", "--db", db, "--lang", "en")[2]
    assert "--finding needs a file" in call("verify", "--finding", CASE, "--db", db, "--lang", "en")[2]
    assert "a proof is a .json file" in call("verify", "--finding", CASE, "-o", "a.txt", "--db", db, "--lang", "en")[2]
    assert call("verify", "--finding", CASE, "-o", proof, "--db", db)[0] == 2, "never over a file unasked"
    assert verify_proof(proof).state == "unproved"
