"""What is put together for a computer without internet: everything that is needed there, and a launcher with a Python of its own."""

import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from tools import wheelhouse


def wheel(folder: Path, name: str, needs: tuple[str, ...] = (), tag: str = "py3-none-any", python: str = ">=3.8") -> Path:
    path = folder / f"{name}-1.0-{tag}.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": f'print("this is {name}")\n',
        f"{info}/METADATA": "".join(
            [
                f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Python: {python}\n",
                *(f"Requires-Dist: {one}\n" for one in needs),
            ]
        ),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    with zipfile.ZipFile(path, "w") as packed:
        for file, text in files.items():
            packed.writestr(file, text)
        packed.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"]))
    return path


def test_what_only_the_other_system_needs_is_missed(tmp_path):
    wheel(tmp_path, "one", ('Console_Paint>=2; sys_platform == "win32"', 'unix-only; platform_system == "Linux"', 'tests; extra == "test"'))
    wheel(tmp_path, "old", ('backport; python_version < "3.12"', 'arm-only; platform_machine == "aarch64"', "one"))
    assert wheelhouse.lacking(tmp_path, "windows", "3.12") == ["Console_Paint>=2"]
    assert wheelhouse.lacking(tmp_path, "linux", "3.11") == ["backport", "unix-only"]
    assert wheelhouse.lacking(tmp_path, "linux-arm", "3.12") == ["arm-only", "unix-only"]
    wheel(tmp_path, "console_paint")
    assert wheelhouse.lacking(tmp_path, "windows", "3.12") == []


def test_what_is_missed_is_asked_for_with_the_same_options(tmp_path, monkeypatch):
    asked = []

    def pip(*arguments):
        asked.append(arguments)
        if arguments[0] == "wheel":
            wheel(tmp_path, "planning_check", ("one",))
        elif len(asked) == 2:
            wheel(tmp_path, "one", ('two; sys_platform == "win32"',))
        else:
            wheel(tmp_path, "two")

    monkeypatch.setattr(wheelhouse, "_pip", pip)
    wheelhouse.gather(tmp_path, "windows", "3.13", "[postgresql]")
    assert [call[0] for call in asked] == ["wheel", "download", "download"]
    for call in asked[1:]:
        assert {"--only-binary=:all:", "--platform=win_amd64", "--python-version=3.13", "--implementation=cp"} <= set(call)
    assert asked[1][-1].endswith(".whl[postgresql]") and asked[2][-1] == "two"


def test_the_installer_proves_the_files_and_uses_them_alone(tmp_path):
    (tmp_path / "wheels").mkdir()
    made = wheel(tmp_path / "wheels", "planning_check")
    wheelhouse.write_installer(tmp_path, "linux", "3.12")
    assert (tmp_path / "SHA256SUMS").read_text("utf-8") == f"{hashlib.sha256(made.read_bytes()).hexdigest()}  wheels/{made.name}\n"
    made.write_bytes(made.read_bytes() + b"\0")
    done = subprocess.run(["sh", "install.sh"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode != 0 and not (tmp_path / "venv").exists()
    wheelhouse.write_installer(tmp_path, "windows", "3.13", "[postgresql]")
    script = (tmp_path / "install.cmd").read_bytes()
    assert (
        b"py -3.13 -m venv" in script and b'wheels" "planning-check[postgresql]"' in script and script.count(b"\r\n") == script.count(b"\n")
    )


def test_optional_parts_are_asked_for_and_installed(tmp_path, monkeypatch):
    asked = []

    def pip(*arguments):
        asked.append(arguments)
        if arguments[0] == "wheel":
            wheel(Path(arguments[arguments.index("-w") + 1]), "planning_check")

    monkeypatch.setattr(wheelhouse, "_pip", pip)
    for name, options, extra in (
        ("a", ["--province"], "[province]"),
        ("b", ["--postgresql", "--province"], "[postgresql,province]"),
        ("c", [], ""),
    ):
        wheelhouse.main([str(tmp_path / name), "--system", "linux", *options])
        assert asked[-1][0] == "download" and asked[-1][-1].endswith(f".whl{extra}")
        assert f"'planning-check{extra}'" in (tmp_path / name / "install.sh").read_text("ascii")


def test_a_folder_with_a_python_of_its_own(tmp_path):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels, "planning_check", ("built",), python=">=3.8")
    wheel(wheels, "built", tag="cp312-cp312-win_amd64", python=">=3.12,<3.13")
    embedded = tmp_path / "embed.zip"
    with zipfile.ZipFile(embedded, "w") as packed:
        packed.writestr("python.exe", "MZ")
        packed.writestr("python312._pth", "python312.zip\r\n.\r\n\r\n#import site\r\n")
    made = wheelhouse.with_python(tmp_path, wheels, embedded, wheelhouse.targeted("windows", "3.12"))
    with zipfile.ZipFile(made) as packed:
        names = packed.namelist()
        paths = packed.read("planning_check/python/python312._pth").decode("utf-8").splitlines()
        launcher = packed.read("planning_check/planning-check.cmd")
    site = "planning_check/python/Lib/site-packages"
    assert {"planning_check/python/python.exe", f"{site}/planning_check.py", f"{site}/built.py"} <= set(names)
    assert paths[:3] == ["python312.zip", ".", "Lib\\site-packages"]
    assert b'"%~dp0python\\python.exe" -X utf8 -m planning_check %*\r\n' in launcher


def test_what_is_no_embeddable_python_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as packed:
        packed.writestr("python.exe", "MZ")
    with pytest.raises(ValueError, match="Windows embeddable package"):
        wheelhouse.with_python(tmp_path, tmp_path, tmp_path / "other.zip", [])


@pytest.mark.parametrize("wrong", [["--system", "linux", "--with-python", "x.zip"], []])
def test_wrong_usage_writes_nothing(tmp_path, wrong, capsys):
    with pytest.raises(SystemExit):
        wheelhouse.main([str(tmp_path / "new"), *wrong])
    assert not (tmp_path / "new").exists()
    (tmp_path / "mine").write_text("mine", "utf-8")
    with pytest.raises(SystemExit):
        wheelhouse.main([str(tmp_path), "--system", "windows"])
    assert [path.name for path in tmp_path.iterdir()] == ["mine"] and "is not empty" in capsys.readouterr().err
