"""A bundle proves a run without its database; whatever was changed, taken out, added or moved in any of its files is found."""

import hashlib
import json
import zipfile
from contextlib import suppress

import pytest

from planning_check import pipeline
from planning_check.errors import ActionableError, UsageError
from planning_check.pipeline.bundling import STATEMENT
from planning_check.pipeline.sealed_zip import sealing, unsealed
from planning_check.store import Head, head, open_store
from planning_check.store.lines import members as told_by_tables
from tests.tampering import SERIES, recorded

LINES = ("run.json", "roots.jsonl", "log.jsonl", *told_by_tables())
#: One member of each kind: those tried every day; the others are read and held against the record in the same way.
OF_EACH_KIND = ("statement.json", "mapping.yaml", "rules/0/rules/measuring.yaml", "run.json", "roots.jsonl", "log.jsonl",
                "tables/finding.jsonl", "tables/column_block.content.b64")  # fmt: skip
EVERY_DAY = [name if name in OF_EACH_KIND else pytest.param(name, marks=pytest.mark.long) for name in (*OF_EACH_KIND[:3], *LINES)]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A bundle of the tiny run, with a row in every table, and its members."""
    folder = tmp_path_factory.mktemp("bundle")
    mapping = {"name": "对照.yaml", "text": "version: 1\nsheets: []\n"}
    db = recorded(folder / "runs.sqlite", rules=pipeline.load_rules().hashes, mapping=mapping)
    pipeline.bundle(db, folder / "made.zip")
    with zipfile.ZipFile(folder / "made.zip") as file:
        return folder / "made.zip", {name: file.read(name) for name in file.namelist()}


def packed(path, members, *, restated=False):
    """A bundle of these members; ``restated``: by a forger who makes the statement anew."""
    if restated:
        told = json.loads(members[STATEMENT])
        rest = [(name, data) for name, data in members.items() if name != STATEMENT]
        told["subject"] = [{"name": name, "digest": {"sha256": hashlib.sha256(data).hexdigest()}} for name, data in rest]
        members = members | {STATEMENT: (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()}
    with sealing(path) as file:
        for name, data in members.items():
            file.add(name, [data])
    return path


def differs(path, **told):
    """What is said to differ, or why it is no bundle."""
    try:
        found = pipeline.verify_bundle(path, **told)
    except ActionableError as error:
        return [error.what.en]
    return [point.said.en for point in found.points if point.state == "differs"]


def test_what_nobody_changed_is_the_same_and_says_what_is_not_proved(made, tmp_path):
    path, members = made
    found = pipeline.verify_bundle(path)
    assert differs(packed(tmp_path / "again.zip", members)) == [] and found.state == "unproved"
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()
    assert [point.said.en.split(":")[0] for point in found.points if point.state == "unproved"] == [
        "the files of the delivery are not in the bundle"
    ]


def test_every_table_and_file_is_in_it_and_the_statement_is_an_in_toto_statement(made):
    _, members = made
    told = json.loads(members[STATEMENT])
    assert (told["_type"], list(told)) == ("https://in-toto.io/Statement/v1", ["_type", "subject", "predicateType", "predicate"])
    assert [one["name"] for one in told["subject"]] == [name for name in members if name != STATEMENT]
    assert set(LINES) <= set(members) and "mapping.yaml" in members
    assert all(members[name] for name in LINES), "a row in each, or the tests below prove nothing"
    assert {name.split("/", 2)[2] for name in members if name.startswith("rules/")} == set(pipeline.load_rules().hashes)


def test_the_same_run_makes_the_same_file(made, tmp_path):
    path, _ = made
    pipeline.bundle(str(path.with_name("runs.sqlite")), tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()


def changed_anywhere(name, data):
    """The data of a member with each of its lines (of a file: its end) changed; taken out; doubled; two of them exchanged."""
    lines = data.splitlines(keepends=True)
    yield "end", data + b"\n"
    yield "empty", b""
    for number in {len(lines) // 2} if lines else ():
        before, line, after = lines[:number], lines[number], lines[number + 1 :]
        yield f"taken out {number}", b"".join([*before, *after])
        yield f"doubled {number}", b"".join([*before, line, line, *after])
        for old, new in ((b"1", b"2"), (b"a", b"b"), (b"0", b"1"), (b"A", b"B")):
            if old in line:
                yield f"changed {number}", b"".join([*before, line.replace(old, new, 1), *after])
                break
    if len(lines) > 1 and lines[0] != lines[-1]:
        yield "moved", b"".join([lines[-1], *lines[1:-1], lines[0]])


@pytest.mark.parametrize("name", EVERY_DAY)
@pytest.mark.parametrize("restated", [False, True], ids=["as it is", "restated"])
def test_whatever_is_changed_in_any_member_is_found(made, tmp_path, name, restated):
    _, members = made
    unseen = []
    told = members[STATEMENT]
    other = {"run": told.replace(b'"id": 2', b'"id": 1'), "day": told.replace(b"2011-06-30", b"2011-06-29", 1)}
    every = other.items() if restated and name == STATEMENT else changed_anywhere(name, members[name])
    for number, (what, data) in enumerate(every):
        path = packed(tmp_path / f"{number}.zip", members | {name: data}, restated=restated)
        if not differs(path):
            unseen.append(what)
        path.unlink()
    assert unseen == []


@pytest.mark.parametrize("restated", [False, True], ids=["as it is", "restated"])
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)], ids=["one of each kind", "every"])
def test_a_member_taken_out_added_renamed_or_moved_is_found(made, tmp_path, every, restated):
    _, members = made
    unseen = []
    names = [name for name in members if name != STATEMENT and (not name.startswith("rules/") or "AR03" in name)]
    tried = names if every else [name for name in names if name in OF_EACH_KIND or "AR03" in name]
    assert len(tried) >= 7
    for name in tried:
        rest = {one: data for one, data in members.items() if one != name}
        moved = {name: members[name]} | rest if name != names[0] else {**rest, name: members[name]}
        more = members | {f"{name}.more": members[name]}
        for what, now in (("taken out", rest), ("moved", moved), ("added", more)):
            path = packed(tmp_path / "now.zip", now, restated=restated)
            if list(now) != list(members) and not differs(path):
                unseen.append(f"{name} {what}")
            path.unlink()
    assert unseen == []


def test_a_run_of_another_bundle_does_not_fit_into_this_one(made, tmp_path):
    """Each member is whole in itself; together they are of no run."""
    _, members = made
    db = recorded(tmp_path / "other.sqlite", rules=pipeline.load_rules().hashes, delivered_on="2011-06-29")
    pipeline.bundle(db, tmp_path / "other.zip")
    with zipfile.ZipFile(tmp_path / "other.zip") as file:
        for name in ("run.json", "roots.jsonl", "log.jsonl"):
            assert differs(packed(tmp_path / f"{name}.zip", members | {name: file.read(name)}, restated=True)), name


def test_heads_and_roots_from_paper_are_held_against_it(made):
    path, _ = made
    told = head(open_store(str(path.with_name("runs.sqlite")), write=False), SERIES)
    root = json.loads(made[1][STATEMENT])["predicate"]["run"]["root"]
    assert differs(path, heads=[told], roots=[root]) == []
    assert differs(path, heads=[Head(SERIES, told.seq + 1, told.hash)]) == [
        f"entry 5 of the log of '{SERIES}' is missing: the log is shorter than on paper"
    ]
    assert differs(path, roots=["0" * 64]) == [f"the root on paper, {'0' * 64}: it is not this run's"]


def test_a_changed_record_is_not_handed_over(made, tmp_path):
    db = recorded(tmp_path / "changed.sqlite", rules=pipeline.load_rules().hashes)
    with open_store(db).begin() as connection:
        connection.exec_driver_sql("UPDATE finding SET number = number + 100 WHERE run_id = 2 AND number = 7")
    with pytest.raises(UsageError, match="cannot be handed over"):
        pipeline.bundle(db, tmp_path / "no.zip")
    with pytest.raises(UsageError, match="cannot be handed over"):
        pipeline.bundle(recorded(tmp_path / "rules.sqlite"), tmp_path / "no.zip")


def test_every_bit_of_the_file_counts(tmp_path):
    with sealing(tmp_path / "a.zip") as file:
        file.add("规划局/项目 1.csv", [b"abc", b"def"])
        file.add("b.txt", [])
    data = (tmp_path / "a.zip").read_bytes()
    before = unsealed(tmp_path / "a.zip", tmp_path / "out")
    assert list(before) == ["规划局/项目 1.csv", "b.txt"]
    for place in range(len(data) * 8):
        now = bytearray(data)
        now[place // 8] ^= 1 << place % 8
        (tmp_path / "b.zip").write_bytes(now)
        with pytest.raises(UsageError, match="the bundle was changed"):
            unsealed(tmp_path / "b.zip", tmp_path / f"out{place}")
    for now in (data + b"\0", b"\0" + data, data[:-1], data[:40], b""):
        (tmp_path / "b.zip").write_bytes(now)
        with pytest.raises(UsageError, match="the bundle was changed"):
            unsealed(tmp_path / "b.zip", tmp_path / "more")


def zipped(path, *names, how=zipfile.ZIP_STORED, mode=0o100644, data=b"x", comment=b"", extra=b""):
    with zipfile.ZipFile(path, "w") as file, suppress(UserWarning):
        file.comment = comment
        for name in names:
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type, info.extra, info.create_system = mode << 16, how, extra, 3
            file.writestr(info, data)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("names", "told"),
    [
        *(([name], {}) for name in ("../out.txt", "/out.txt", "a/../../out.txt", "C:/out.txt", "a\\..\\out.txt", "a/./b", "a//b", "a/")),
        *(([name], {}) for name in ("nul", "com1.txt", "a. ", "a\u202eb", "a\nb")),
        (["a", "a"], {}), (["A.txt", "a.txt"], {}), (["a", "a/b"], {}),
        (["link"], {"mode": 0o120777, "data": b"/etc/passwd"}), (["pipe"], {"mode": 0o010644}),
        (["bomb"], {"how": zipfile.ZIP_DEFLATED, "data": bytes(50_000_000)}), (["a"], {"comment": b"more"}),
        (["a"], {"extra": b"\1\0\0\0"}),
    ],
)  # fmt: skip
def test_a_hostile_archive_is_refused_and_writes_nothing_outside(tmp_path, names, told):
    path = zipped(tmp_path / "bad.zip", *names, **told)
    (tmp_path / "in").mkdir()
    with pytest.raises(UsageError, match="the bundle was changed, or was not written by"):
        unsealed(path, tmp_path / "in")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bad.zip", "in"]


def test_too_many_members_are_refused_before_any_is_unpacked(tmp_path):
    path = zipped(tmp_path / "many.zip", *(f"{n}" for n in range(5_001)))
    with pytest.raises(UsageError) as refused:
        unsealed(path, tmp_path / "in")
    assert "5001 files" in refused.value.why.en and not (tmp_path / "in").exists()


@pytest.mark.parametrize("content", [b"[]", b"{}", b"\xff", b'{"subject": [1]}', b"[" * 100_000])
def test_a_statement_that_is_none_is_no_bundle(tmp_path, content):
    with sealing(tmp_path / "a.zip") as file:
        file.add(STATEMENT, [content])
    assert differs(tmp_path / "a.zip") == ["the file is no bundle"]
