"""The log of a series: a chain that the database refuses to change, whose hashes find who changed it all the same, and a run in it."""

import datetime as dt
import hashlib
import json
import sqlite3

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import exc

from planning_check.cases import Event
from planning_check.store import Broken, Entry, append, cases, check_log, events, head, open_store, save_run
from planning_check.store.connecting import writing
from tests.store.tables import CREATED, TELLINGS, connection, manifest

AT = dt.datetime(2011, 7, 2, 9, 0, tzinfo=dt.UTC)
F1, F2 = "00000000000000f1", "00000000000000f2"


@pytest.fixture
def engine(tmp_path):
    return open_store(str(tmp_path / "log.sqlite"))


def write(engine, *entries, series="城", algorithm="sha256"):
    with writing(engine) as connection_:
        return append(connection_, series, AT, "王秘书", entries, algorithm)


def step(fingerprint, action="remark", **body):
    return Entry(action, "secretary", body, fingerprint, 1)


def tampered(engine, statement):
    """As an owner of the database can: the triggers are gone."""
    with sqlite3.connect(engine.url.database) as plain:
        for trigger in ("case_event_no_update", "case_event_no_delete"):
            plain.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        plain.execute(statement)
    plain.close()


def test_a_run_enters_by_its_root(engine):
    run_id = save_run(engine, connection(), manifest() | {"by": "李经办"}, TELLINGS)
    (event,) = events(engine, "小城（虚构）")
    with engine.connect() as connection_:
        root = connection_.scalar(sa.text("SELECT root FROM run"))
    assert event == Event(1, CREATED.isoformat(timespec="seconds"), "李经办", "system", "run", None, run_id,
                          {"run": run_id, "as_of": "2011-06-30", "digest": manifest()["digest"], "root": root, "parent": None})  # fmt: skip
    assert cases(engine, "小城（虚构）") == {} and list(check_log(engine)) == []


def test_the_hash_is_what_the_documentation_says(engine):
    """Computed a second way."""
    first = write(engine, step(F1, note="甲"))
    told = '["城",1,"2011-07-02T09:00:00+00:00","王秘书","secretary","remark","00000000000000f1",1,"{\\"note\\":\\"甲\\"}"]'
    before = hashlib.sha256("series:城".encode()).hexdigest()
    assert (first.seq, first.hash) == (1, hashlib.sha256((before + told).encode()).hexdigest()) == (head(engine, "城").seq, first.hash)


def test_every_series_has_a_chain_of_its_own(engine):
    write(engine, step(F1), step(F2))
    other = write(engine, step(F1), series="别的城")
    assert (other.seq, head(engine, "城").seq, head(engine, "没有")) == (1, 2, None)
    assert list(check_log(engine)) == []


def test_the_database_refuses_to_change_it(engine):
    write(engine, step(F1))
    for statement in ("UPDATE case_event SET actor = 'x'", "DELETE FROM case_event"):
        with pytest.raises(exc.IntegrityError, match="only ever added to"), engine.begin() as connection_:
            connection_.execute(sa.text(statement))
    assert len(events(engine, "城")) == 1


@pytest.mark.parametrize(
    "column", ["at", "actor", "role", "action", "fingerprint", "of_run", "body", "algorithm", "hash", "prev"]
)  # fmt: skip
def test_whoever_changes_a_column_is_found(engine, column):
    write(engine, *(step(F1, note=str(n)) for n in range(4)))
    value = {"of_run": 7, "algorithm": "'md5'"}.get(column, "'x'")
    tampered(engine, f"UPDATE case_event SET {column} = {value} WHERE seq = 2")
    (found,) = check_log(engine)
    assert (found.series, found.seq) == ("城", 2)


def test_whoever_takes_one_out_or_moves_one_is_found(engine):
    write(engine, *(step(F1, note=str(n)) for n in range(4)))
    tampered(engine, "DELETE FROM case_event WHERE seq = 2")
    assert list(check_log(engine)) == [Broken("城", 2, "gap")]
    tampered(engine, "UPDATE case_event SET seq = seq - 1 WHERE seq > 2")
    assert list(check_log(engine)) == [Broken("城", 2, "prev")]


def test_a_cut_tail_is_whole_in_itself_and_found_by_the_head_on_paper(engine):
    write(engine, step(F1), step(F2))
    paper = head(engine, "城")
    tampered(engine, "DELETE FROM case_event WHERE seq = 2")
    assert list(check_log(engine)) == []
    assert list(check_log(engine, [paper])) == [Broken("城", 2, "cut")]
    write(engine, step(F2, note="又一个"))
    assert list(check_log(engine, [paper])) == [Broken("城", 2, "hash")]


def test_nothing_of_a_batch_stands_where_one_of_it_cannot(engine):
    write(engine, step(F1))
    with pytest.raises(TypeError), writing(engine) as connection_:
        append(connection_, "城", AT, "王", [step(F1), Entry("remark", "secretary", {("not", "json"): 1})])
    assert len(events(engine, "城")) == 1


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="OpenSSL without SM3")
def test_sm3_on_request_and_both_in_one_chain(engine):
    write(engine, step(F1))
    write(engine, step(F2), algorithm="sm3")
    write(engine, step(F1))
    assert list(check_log(engine)) == []
    tampered(engine, "UPDATE case_event SET body = '{}' , actor = 'x' WHERE seq = 2")
    assert [found.seq for found in check_log(engine)] == [2]


TEXTS = st.text(max_size=20).filter(lambda t: "\0" not in t and t.encode("utf-8", "replace").decode() == t)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.dictionaries(TEXTS, TEXTS | st.integers(-(2**53), 2**53) | st.none(), max_size=3), min_size=1, max_size=6))
def test_what_was_written_reads_back_and_holds(told):
    engine = open_store("sqlite://")
    write(engine, *(Entry("remark", "secretary", body, F1) for body in told))
    assert [dict(event.body) for event in events(engine, "城")] == [json.loads(json.dumps(body)) for body in told]
    assert list(check_log(engine)) == []
