"""``proofs.yaml``: every rule says what must be on file before a case of it is struck off; a mistake is refused with file and line."""

from dataclasses import replace

import pytest

from planning_check import pipeline
from planning_check.errors import RulebookError, Text
from planning_check.rulebook.proofs import proofs_of
from planning_check.words import CONSEQUENCES, REMEDY_DOCUMENTS

GOOD = """kinds:
  photograph: {zh: 照片, en: a photograph}
demands:
  - rules: [HO01, HO02]
    proofs: [title_certificate, [photograph, handover_certificate]]
    cite: 会议纪要
    verified: no
  - consequences: [order_return]
    proofs: []
    cite: 会议纪要
    verified: yes
"""


@pytest.fixture(scope="module")
def book():
    return pipeline.load_rules()


def read(folder, text, ids=("HO01", "HO02", "US01")):
    folder.mkdir(exist_ok=True)
    (folder / "proofs.yaml").write_text(text, "utf-8")
    return proofs_of([pipeline.bundled("rules"), folder], [*ids, *(rule.id for rule in pipeline.load_rules().rules)])


def test_every_bundled_rule_and_every_consequence_says_what_it_demands(book):
    assert set(book.proofs.by_rule) == {rule.id for rule in book.rules} and set(book.proofs.by_consequence) == set(CONSEQUENCES)
    assert set(REMEDY_DOCUMENTS) < set(book.proofs.kinds)
    told = {
        kind
        for demand in (*book.proofs.by_rule.values(), *book.proofs.by_consequence.values())
        for group in demand.proofs
        for kind in group
    }
    assert set(book.proofs.kinds) - set(REMEDY_DOCUMENTS) <= told, "a kind that nothing demands"
    assert {demand.verified for demand in book.proofs.by_rule.values()} == {False}
    for lang in ("zh", "en"):
        names = [name.get(lang) for name in book.proofs.kinds.values()]
        assert len(set(names)) == len(names) and all(names)


def test_what_returning_changed_premises_demands(book):
    assert book.proofs.of(book.rule("US01")) == [["plan_extract"], ["inspection"], ["handover_certificate"]]
    assert book.proofs.of(book.rule("DA03")) == []
    told = book.proofs.demanded([book.rule("OF01")])
    assert told["rules"] == {"OF01": [["title_certificate", "handover_certificate"], ["inspection"]]}
    assert told["kinds"]["minutes"] == {"zh": "联席会议纪要", "en": "the minutes of the joint meeting"}


def test_no_verdict_rests_on_it(book):
    assert not any("proofs" in name for name in book.hashes)


def test_a_city_says_it_anew_rule_by_rule(tmp_path, book):
    own = read(tmp_path / "city", GOOD)
    assert own.of(book.rule("HO02")) == [["title_certificate"], ["photograph", "handover_certificate"]]
    assert own.of(book.rule("US01")) == book.proofs.of(book.rule("US01")) and own.kinds["photograph"] == Text("照片", "a photograph")
    assert (own.by_rule["HO01"].where, own.by_consequence["order_return"].verified) == ("city/proofs.yaml:4", True)
    assert pipeline.load_rules([tmp_path / "city"]).proofs == own


def test_a_rule_without_an_entry_demands_what_its_remedy_and_consequences_do(book):
    own = replace(book.rule("US03"), id="US99", consequence=("order_handover", "joint_meeting", "order_return"))
    assert book.proofs.of(own) == [["handover_certificate"], ["minutes"]], "each once"
    assert book.proofs.of(replace(own, consequence=("data_request",))) == [["handover_certificate"]]
    assert book.proofs.of(replace(own, remedy=None, consequence=("data_request",))) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [("HO02]", "HO77]", 4, "unknown value HO77"), ("HO02]", "HO01]", 4, "HO01 stands at city/proofs.yaml:4 already"),
     ("title_certificate,", "certificate,", 5, "unknown value certificate"),
     ("[photograph, handover_certificate]", "[]", 5, "an empty group"),
     ("order_return", "hanging", 8, "unknown value hanging"), ("  - rules: [HO01, HO02]\n", "  - title: x\n", 4, "unknown key title"),
     ("    proofs: []\n", "", 8, "proofs is missing"), ("    cite: 会议纪要\n    verified: yes", "    verified: yes", 8, "cite is missing"),
     ("verified: yes", "verified: perhaps", 11, "unknown value perhaps"),
     ("  - consequences", "  - rules: [US01]\n    consequences", 8, "either"),
     ("photograph: {zh: 照片, en: a photograph}", "minutes: {zh: 纪要, en: minutes}", 2, "the kind minutes is there already"),
     ("photograph: {zh: 照片, en: a photograph}", "photograph: {zh: 照片}", 2, "en is missing"),
     ("photograph: {zh", "Photo-graph: {zh", 2, "lower-case"), ("demands:", "wants:", 4, "unknown key wants")],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_line(tmp_path, old, new, line, why):
    assert old in GOOD
    with pytest.raises(RulebookError, match=why) as refused:
        read(tmp_path / "city", GOOD.replace(old, new))
    assert f"city/proofs.yaml:{line}" in str(refused.value)
