"""Puts together what a computer without internet needs to install the program: ``python -m tools.wheelhouse FOLDER --system windows``.

Run where there is internet, on any system; FOLDER is then carried over. It holds the program and all that it stands on as wheels
(nothing is compiled), a script that installs them, and their SHA-256. With ``--with-python ZIP`` (the "Windows
embeddable package" of Python, which you download yourself) it is a folder that needs no Python on the computer, and a zip of it.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from email.parser import HeaderParser
from pathlib import Path

ROOT = Path(__file__).parents[1]
SYSTEMS = {
    "windows": ["win_amd64"],
    "linux": [f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)] + ["manylinux2014_x86_64"],
    "linux-arm": [f"manylinux_2_{minor}_aarch64" for minor in range(28, 16, -1)] + ["manylinux2014_aarch64"],
}
NOT_NEEDED = shutil.ignore_patterns(".git", ".venv*", "build", "*.egg-info", "__pycache__", "*.sqlite*")
INSTALL_SH = """\
#!/bin/sh
# sh install.sh [FOLDER]: installs into FOLDER (default: venv, here), from the wheels beside it alone. PYTHON names another Python.
set -e
here=$(cd "$(dirname "$0")" && pwd)
into=${1:-$here/venv}
(cd "$here" && sha256sum -c --quiet SHA256SUMS)
"${PYTHON:-python3}" -m venv "$into"
"$into/bin/python" -m pip install -q --no-index --find-links "$here/wheels" 'NAME'
"$into/bin/planning-check" doctor
"""
INSTALL_CMD = """\
@echo off
rem install.cmd [FOLDER]: installs into FOLDER (default: venv, here), from the wheels beside it alone.
setlocal
set "into=%~1"
if "%into%"=="" set "into=%~dp0venv"
py -VERSION -m venv "%into%" || exit /b 1
"%into%\\Scripts\\python" -m pip install -q --no-index --find-links "%~dp0wheels" "NAME" || exit /b 1
"%into%\\Scripts\\planning-check" doctor
"""
LAUNCHER = """\
@echo off
chcp 65001 >nul
"%~dp0python\\python.exe" -X utf8 -m planning_check %*
exit /b %errorlevel%
"""


def targeted(system: str, python: str) -> list[str]:
    """The options of pip that choose files for a computer which is not this one; only wheels, for nothing can be compiled for it here."""
    platforms = [f"--platform={one}" for one in SYSTEMS[system]]
    return ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}", *platforms]


def environment(system: str, python: str) -> dict[str, str]:
    """What the conditions of packages ("only on Windows") are asked of."""
    on = {"windows": ("nt", "win32", "Windows", "AMD64"), "linux": ("posix", "linux", "Linux", "x86_64")}
    on["linux-arm"] = (*on["linux"][:3], "aarch64")
    told = dict(zip(("os_name", "sys_platform", "platform_system", "platform_machine"), on[system], strict=True))
    return told | {"python_version": python, "python_full_version": f"{python}.0", "extra": "",
                   "implementation_name": "cpython", "platform_python_implementation": "CPython"}  # fmt: skip


def lacking(wheels: Path, system: str, python: str) -> list[str]:
    """What the wheels in a folder need on that system and do not find beside them: pip asks the conditions of this computer."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    asked = environment(system, python)
    have = {canonicalize_name(path.name.split("-")[0]): _requirements(path) for path in wheels.glob("*.whl")}
    needed: dict[str, str] = {}
    for lines in have.values():
        for line in lines:
            one = Requirement(line)
            if (one.marker is None or one.marker.evaluate(asked)) and canonicalize_name(one.name) not in have:
                needed[canonicalize_name(one.name)] = f"{one.name}{one.specifier}"
    return sorted(needed.values())


def _requirements(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        return HeaderParser().parsestr(packed.read(name).decode("utf-8")).get_all("Requires-Dist") or []


def gather(wheels: Path, system: str, python: str, extra: str = "") -> None:
    """The program's own wheel, and those of all that it stands on; ``extra``: "[postgresql]". Raises subprocess.CalledProcessError where
    one is not to be had."""
    options = targeted(system, python)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"  # not in the checkout: what an earlier build left there would come in, too
        shutil.copytree(ROOT, source, ignore=NOT_NEEDED)
        _pip("wheel", "--no-deps", "-w", str(wheels), str(source))
    own = next(wheels.glob("planning_check-*.whl"))
    _pip("download", "-d", str(wheels), *options, f"{own}{extra}")
    while more := lacking(wheels, system, python):
        _pip("download", "-d", str(wheels), *options, *more)


def write_installer(folder: Path, system: str, python: str, extra: str = "") -> None:
    """The script beside the wheels, and the SHA-256 of every one of them."""
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  wheels/{path.name}\n" for path in sorted((folder / "wheels").glob("*.whl"))]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8", newline="\n")
    if system == "windows":
        (folder / "install.cmd").write_text(
            INSTALL_CMD.replace("VERSION", python).replace("NAME", f"planning-check{extra}"), "ascii", newline="\r\n"
        )
    else:
        (folder / "install.sh").write_text(INSTALL_SH.replace("NAME", f"planning-check{extra}"), "ascii", newline="\n")


def with_python(folder: Path, wheels: Path, embedded: Path, options: Sequence[str]) -> Path:
    """A folder with a Python of its own and a launcher, and the zip of it, whose path is given. ValueError: no embeddable Python."""
    target = folder / "planning_check"
    shutil.rmtree(target, ignore_errors=True)
    python = target / "python"
    with zipfile.ZipFile(embedded) as packed:
        packed.extractall(python)
    paths = next(iter(python.glob("python*._pth")), None)
    if paths is None:
        raise ValueError(f'{embedded}: no python*._pth in it; take the "Windows embeddable package (64-bit)" of Python')
    into = str(python / "Lib" / "site-packages")
    files = [str(path) for path in sorted(wheels.glob("*.whl"))]  # chosen together: pip need not ask this computer's Python of them
    _pip("install", "--no-index", "--no-deps", "--no-compile", "--ignore-requires-python", "--target", into, *options, *files)
    kept = paths.read_text("utf-8").splitlines()
    paths.write_text("\n".join([*kept[:2], "Lib\\site-packages", *kept[2:], ""]), "utf-8", newline="\r\n")
    (target / "planning-check.cmd").write_text(LAUNCHER, "ascii", newline="\r\n")
    return Path(shutil.make_archive(str(target), "zip", folder, target.name))


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments], check=True)


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tools.wheelhouse", description="What a computer without internet needs to install the program."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--system", choices=sorted(SYSTEMS), required=True)
    parser.add_argument("--python", default="3.12", metavar="VERSION", help="of the computer that it is for (default: 3.12)")
    parser.add_argument("--postgresql", action="store_true", help="with the driver of PostgreSQL")
    parser.add_argument("--province", action="store_true", help="with what the workers of a province need")
    parser.add_argument("--with-python", type=Path, metavar="ZIP", help="the Windows embeddable package of that Python")
    asked = parser.parse_args(given)
    if asked.with_python and asked.system != "windows":
        parser.error("--with-python is for --system windows")
    if asked.folder.exists() and any(asked.folder.iterdir()):
        parser.error(f"{asked.folder} is not empty")
    wheels = asked.folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    extras = [name for name in ("postgresql", "province") if getattr(asked, name)]
    extra = f"[{','.join(extras)}]" if extras else ""
    gather(wheels, asked.system, asked.python, extra)
    write_installer(asked.folder, asked.system, asked.python, extra)
    print(f"wrote {len(list(wheels.iterdir()))} wheels into {wheels}")
    if asked.with_python:
        print(f"wrote {with_python(asked.folder, wheels, asked.with_python, targeted(asked.system, asked.python))}")


if __name__ == "__main__":
    main()
