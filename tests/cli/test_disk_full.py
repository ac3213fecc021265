"""A disk that is really full while a decision is recorded or a proof is kept: it is said which, nothing is half written, and the same
command works as soon as there is room."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.cli.test_case import AR03, HO01, MO05

ROOT = Path(__file__).parents[2]
#: A disk of its own, of a few hundred kilobytes, for this process and its children alone.
DISK = 'mount -t tmpfs -o size="$1" none "$2" && cd "$2" && exec "$3" -c "$4"'
#: On it: a database, the command with so many kilobytes left, and once more with room; what each said, and what is there then.
PROGRAM = """
    import contextlib, io, json, os, sys
    from pathlib import Path
    sys.path.insert(0, {root!r})
    from planning_check.cli.main import run
    from planning_check.store import check_log, check_runs, events, open_store
    from tests.cli.test_case import SERIES, record

    engine = open_store("库.sqlite")
    record(engine)
    engine.dispose()

    def tried(command):
        said = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            code = run([*command, "--db", "库.sqlite"])
        engine = open_store("库.sqlite", write=False)
        whole = not list(check_log(engine)) and not any(one.differs for one in check_runs(engine))
        told = [entry.action for entry in events(engine, SERIES)]
        engine.dispose()
        kept = sorted(str(path) for path in Path("库_cases").rglob("*")) if Path("库_cases").exists() else []
        print(json.dumps([code, said.getvalue(), whole, told, kept]))

    def fill(left):
        with open("满", "wb", buffering=0) as file:
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))
        os.truncate("满", max(os.path.getsize("满") - left * 1024, 0))

    command = json.loads({command!r})
    fill({left})
    tried(command)
    os.unlink("满")
    tried(command)
    tried(command)
"""


def on_a_disk(folder, left, command, kilobytes=1200):
    """What the command came to on the disk with so many kilobytes left, then with room, then once more."""
    code = textwrap.dedent(PROGRAM.format(root=str(ROOT), left=left, command=json.dumps(command)))
    disk = ["unshare", "-Urm", "sh", "-c", DISK, "sh", f"{kilobytes}k", str(folder), sys.executable, code]
    done = subprocess.run(disk, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def may_have_disks():
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path):
    if not may_have_disks():
        pytest.skip("no file system of one's own here")
    folder = tmp_path / "盘"
    folder.mkdir()
    return folder


PROVE = ["case", "prove", HO01, "--proof", "移交凭证", "--on", "2011-08-01", "--keep", "--by", "李", "--file"]
DECIDE = ["decide", "--case", AR03, "--conclusion", "认定", "--meeting-on", "2011-07-08", "--resolution-no", "3", "--by", "王", "--yes"]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "库.sqlite：磁盘已满，没有记录"), ("en", "库.sqlite: the disk is full, nothing was recorded")]
)
def test_a_decision_on_a_full_disk_is_not_there_and_then_is(disk, lang, said):
    full, room, again = on_a_disk(disk, 0, [*DECIDE, "--lang", lang])
    assert full[0] == 4 and said in full[1] and "Traceback" not in full[1]
    assert full[2:] == [True, ["run"], []]
    assert (room[0], room[2:]) == (0, [True, ["run", "confirm"], []])
    assert again == [0, again[1], *room[2:]], "on record: nothing to write"


def test_a_proof_that_finds_no_room_leaves_nothing_in_the_case_folder(disk, tmp_path):
    proof = tmp_path / "移交书.pdf"
    proof.write_bytes(os.urandom(300_000))
    command = [*PROVE, str(proof), "--lang", "zh"]
    full, room, again = on_a_disk(disk, 200, command)
    assert full[0] == 4 and f"库_cases/{HO01}：磁盘已满" in full[1].replace(os.sep, "/")
    assert full[2:] == [True, ["run"], []]
    assert room[0] == 0 and room[2:4] == [True, ["run", "prove"]] and [Path(name).suffix for name in room[4]] == ["", ".pdf"]
    assert again[2:] == room[2:]


def test_of_several_proofs_the_second_of_which_finds_no_room_none_is_kept(disk, tmp_path):
    rows = ["键,步骤,材料种类,文件,日期"]
    for name, key, size in (("一.pdf", HO01, 50_000), ("二.pdf", MO05, 400_000)):
        (tmp_path / name).write_bytes(os.urandom(size))
        rows.append(f"{key},归入办结材料,移交凭证,{name},2011-08-01")
    (tmp_path / "办理.csv").write_text("\n".join(rows), "utf-8")
    full, room, _ = on_a_disk(disk, 300, ["case", "enter", str(tmp_path / "办理.csv"), "--keep", "--yes", "--by", "李", "--lang", "en"])
    assert full[0] == 4 and f"库_cases/{MO05}: the disk is full" in full[1].replace(os.sep, "/")
    assert full[2:] == [True, ["run"], []], "the first had room, and is taken back"
    assert room[0] == 0 and room[3] == ["run", "prove", "prove"] and len(room[4]) == 4


@pytest.mark.long
def test_with_whatever_room_there_is_all_of_it_is_there_or_nothing(disk, tmp_path):
    proof = tmp_path / "移交书.pdf"
    proof.write_bytes(os.urandom(100_000))
    command = [*PROVE, str(proof), "--lang", "en"]
    codes = []
    for left in range(80, 260, 12):
        full, room, _ = on_a_disk(disk, left, command)
        assert full[2] and (full[0], full[3], len(full[4])) in ((4, ["run"], 0), (0, ["run", "prove"], 2)), left
        assert full[0] == 0 or "the disk is full" in full[1], left
        assert (room[0], room[2], room[3], len(room[4])) == (0, True, ["run", "prove"], 2), left
        codes.append(full[0])
    assert codes == sorted(codes, reverse=True) and {0, 4} == set(codes)
