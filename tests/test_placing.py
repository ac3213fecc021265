"""A folder takes its place whole: killed at any moment it is the old one or the new one, and the next run is not locked out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from planning_check.errors import UsageError
from planning_check.pipeline import placing
from planning_check.pipeline.placing import check_place, made_beside, put_in_place

OLD = {"manifest.json": "old", "a/1.txt": "old", "a/gone.txt": "old", "b.txt": "old", "mine/note.txt": "mine", "empty/": ""}
NEW = {"manifest.json": "new", "a/1.txt": "new", "a/2.txt": "new", "b.txt": "new"}
AFTER = NEW | {"mine/note.txt": "mine", "empty/": ""}
WITHOUT = ("a/gone.txt",)
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def fill(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text)


def held(folder: Path) -> dict[str, str]:
    files = {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}
    return files | {f"{p.relative_to(folder).as_posix()}/": "" for p in folder.rglob("*") if p.is_dir() and not any(p.iterdir())}


def renew(folder: Path) -> None:
    with made_beside(folder) as unfinished:
        fill(unfinished, NEW)
        put_in_place(unfinished, folder, WITHOUT)


def killed_at(step: int, folder: Path) -> bool:
    """Whether a program that renews the folder gets as far as its n-th touch of the disk, where it is killed."""
    child = os.fork()
    if child == 0:
        touched = 0

        def kill(event: str, _arguments: tuple) -> None:
            nonlocal touched
            if event in ("open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "shutil.rmtree", "os.chmod"):
                touched += 1
                if touched == step:
                    os.kill(os.getpid(), 9)

        sys.addaudithook(kill)
        renew(folder)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9


@posix
@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("before", [OLD, {}, None])
def test_killed_anywhere_it_is_the_old_one_or_the_new_one(tmp_path, monkeypatch, before, links):
    if not links:
        monkeypatch.setattr(placing.os, "link", lambda *_, **__: (_ for _ in ()).throw(OSError("no links here")))
    folder, after, seen = tmp_path / "out", AFTER if before else NEW, set()
    for step in range(1, 200):
        shutil.rmtree(folder, ignore_errors=True)
        if before is not None:
            folder.mkdir()
            fill(folder, before)
        if not killed_at(step, folder):
            break
        seen.add(
            "none" if not folder.exists() else "new" if held(folder) == after else "old" if held(folder) == (before or {}) else "mixture"
        )
        with made_beside(folder):  # what the next program finds
            assert held(folder) in (before or {}, after) if folder.exists() else before is None or not before
        assert [p.name for p in tmp_path.iterdir() if p != folder] == []
        renew(folder)
        assert held(folder) == after
    assert step > 10
    assert "mixture" not in seen
    assert "new" in seen or before is None


def test_what_another_program_is_making_is_left_alone(tmp_path):
    folder = tmp_path / "out"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        theirs = placing._beside(folder, "new", other.pid)
        theirs.mkdir()
        renew(folder)
        assert theirs.is_dir()
        other.communicate(b"\n")
    renew(folder)
    assert not theirs.exists()


def test_links_and_rights_stay(tmp_path):
    folder = tmp_path / "out"
    fill(folder, OLD)
    (folder / "link").symlink_to("b.txt")
    (folder / "far").symlink_to(tmp_path)
    folder.chmod(0o700)
    renew(folder)
    assert (folder / "link").readlink() == Path("b.txt")
    assert (folder / "far").is_symlink()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_failure_puts_the_old_one_back(tmp_path, monkeypatch):
    folder, real = tmp_path / "out", Path.rename
    fill(folder, OLD)

    def rename(path: Path, target: Path) -> Path:
        if path.suffix == ".new":
            raise PermissionError(13, "in use")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(PermissionError):
        renew(folder)
    assert held(folder) == OLD
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_change_its_name_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path, tmp_path.parent, Path("/")):
        with pytest.raises(UsageError, match="folder of their own"):
            check_place(folder)
    check_place(tmp_path / "out")
