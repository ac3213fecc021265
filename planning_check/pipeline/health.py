"""Whether this computer will do: programs, projections really tried, console, rights, room, the database; each with what to do."""

from __future__ import annotations

import codecs
import ctypes
import datetime as dt
import importlib
import math
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from planning_check import __version__
from planning_check.errors import ActionableError, Place, Text
from planning_check.pipeline.rules import load_workdays
from planning_check.workdays import FILE, FIX

OK, WARN, BAD = "ok", "warn", "bad"
_LIBRARIES = (
    ("duckdb", "duckdb"), ("pyarrow", "pyarrow"), ("geopandas", "geopandas"), ("shapely", "shapely"), ("pyproj", "pyproj"),
    ("scipy", "scipy"), ("psutil", "psutil"),
    ("chinese_calendar", "chinesecalendar"),
    ("sqlalchemy", "sqlalchemy"), ("alembic", "alembic"), ("python_calamine", "python-calamine"), ("xlsxwriter", "xlsxwriter"),
    ("docxtpl", "docxtpl"), ("jinja2", "jinja2"), ("ruamel.yaml", "ruamel.yaml"), ("sqlglot", "sqlglot"), ("stdnum", "python-stdnum"),
)  # fmt: skip
_GB = 1_000_000_000
_DISK, _MEMORY = (0.2 * _GB, 2 * _GB), (1 * _GB, 3 * _GB)  # below the first nothing goes, below the second a large delivery does not
_REINSTALL = Text("重新安装：pip install --force-reinstall planning-check", "install again: pip install --force-reinstall planning-check")
#: A place in Xi'an in degrees, and where it is in the 3-degree zone of 108 E (metres), by the series of the meridian.
_PLACE, _METRES = (108.0, 34.0), (500_000.0, 3_763_661.44)


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: ``state`` is ok, warn or bad; ``fix`` says what to do where it is not ok."""

    name: Text
    state: str
    said: Text
    fix: Text | None = None


def look_over(
    db_url: str, config: Text | None = None, rule_dirs: Sequence[Path] = (), today: dt.date | None = None
) -> list[Line]:  # fmt: skip
    """Look at everything; nothing of it can end the looking. ``config``: what the configuration file sets; ``rule_dirs``: the city's
    folders, of which the table of holidays is looked at for ``today`` (the clock's if none is given)."""
    looks: tuple[Callable[[], Iterator[Line]], ...] = (
        _programs, _layers, _projections, _console, _folders, _memory, lambda: _holidays(rule_dirs, today or dt.date.today()),
        lambda: _configured(config), lambda: _database(db_url),
    )  # fmt: skip
    return [line for look in looks for line in _safely(look)]


def _safely(look: Callable[[], Iterator[Line]]) -> Iterator[Line]:
    try:
        yield from look()
    except Exception as error:  # whatever a broken installation raises is what is looked for
        said = f"{type(error).__name__}: {error}"
        yield Line(Text("检查", "the looking itself"), BAD, Text(said, said), _REINSTALL)


def _programs() -> Iterator[Line]:
    running = f"{platform.python_version()} ({sys.executable}), {platform.system()} {platform.machine()}"
    yield Line(Text("Python", "Python"), OK if sys.version_info >= (3, 11) else BAD, Text(running, running),
               None if sys.version_info >= (3, 11) else Text("装 Python 3.11 以上", "install Python 3.11 or newer"))  # fmt: skip
    where = f"{__version__} ({Path(__file__).parents[1]})"
    yield Line(Text("planning-check", "planning-check"), OK, Text(where, where))
    found, broken = [], []
    for module, name in _LIBRARIES:
        try:
            importlib.import_module(module)
            found.append(f"{name} {version(name)}")
        except (ImportError, OSError, PackageNotFoundError) as error:
            broken.append(f"{name}: {error}")
    if broken:
        said = "; ".join(broken)
        yield Line(Text("程序库", "libraries"), BAD, Text(said, said), _REINSTALL)
    else:
        said = ", ".join(found)
        yield Line(Text("程序库", "libraries"), OK, Text(said, said))
    driver = _version_of("psycopg")
    yield Line(Text("PostgreSQL 驱动", "PostgreSQL driver"), OK, Text(*([driver] * 2)) if driver else
               Text("没有装，用 SQLite 不需要；要用时：pip install 'planning-check[postgresql]'",
                    "not installed, and SQLite needs none; to have it: pip install 'planning-check[postgresql]'"))  # fmt: skip


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _layers() -> Iterator[Line]:
    from planning_check.ingest.gdal import DRIVERS, opener

    name = Text("GDAL（图层）", "GDAL (layers)")
    gdal = opener()
    lacking = sorted(DRIVERS - set(gdal.list_drivers()))
    said = f"{gdal.__gdal_version_string__}, pyogrio {gdal.__version__}"
    if lacking:
        yield Line(name, BAD, Text(f"{said}，读不了 {'、'.join(lacking)}", f"{said}, cannot read {', '.join(lacking)}"), _REINSTALL)
    else:
        yield Line(name, OK, Text(said, said))


def _projections() -> Iterator[Line]:
    """The data of PROJ, and a transformation to the metre and back."""
    import pyproj

    name = Text("PROJ（坐标）", "PROJ (coordinates)")
    named = [variable for variable in ("PROJ_DATA", "PROJ_LIB") if os.environ.get(variable)]
    fix = Text(f"去掉环境变量 {'、'.join(named)} 再试", f"unset {', '.join(named)} and try again") if named else _REINSTALL
    try:
        folder = pyproj.datadir.get_data_dir()
        there = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4545", always_xy=True)
        x, y = there.transform(*_PLACE)
        back = there.transform(x, y, direction="INVERSE")
    except Exception as error:  # pyproj's own, or whatever a broken database raises
        yield Line(name, BAD, Text(f"换算不了：{error}", f"cannot transform: {error}"), fix)
        return
    off = math.dist((x, y), _METRES)
    said = f"PROJ {pyproj.proj_version_str}, {folder}"
    if off < 0.01 and math.dist(back, _PLACE) < 1e-9:
        yield Line(name, OK, Text(f"{said}，EPSG:4490 → 4545 → 4490 换算无误", f"{said}, EPSG:4490 → 4545 → 4490 is right"))
    else:
        yield Line(name, BAD, Text(f"{said}，换算结果不对（{x:.1f}, {y:.1f}）", f"{said}, a wrong result ({x:.1f}, {y:.1f})"), fix)


def _console() -> Iterator[Line]:
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    page = ""
    if sys.platform == "win32":
        page = f", code page {ctypes.windll.kernel32.GetConsoleOutputCP()}"  # type: ignore[attr-defined,unused-ignore]
    said = Text(f"{encoding}{page}", f"{encoding}{page}")
    try:
        codecs.lookup(encoding)
        "社区用房㎡".encode(encoding)
        yield Line(Text("屏幕编码", "console"), OK, said)
    except (LookupError, UnicodeEncodeError):
        fix = Text(
            "运行 chcp 65001，或设环境变量 PYTHONUTF8=1；写成文件的不受影响", "run chcp 65001, or set PYTHONUTF8=1; files are not affected"
        )
        yield Line(Text("屏幕编码", "console"), WARN, Text(f"{said.zh}，有的字显示为 ?", f"{said.en}: some characters are shown as ?"), fix)


def _folders() -> Iterator[Line]:
    from planning_check.keeping import cache_folder

    for name, folder in (
        (Text("当前文件夹", "this folder"), Path.cwd()),
        (Text("临时文件夹", "temporary folder"), Path(tempfile.gettempdir())),
    ):
        yield _folder(name, folder)
    cache = cache_folder()
    said = Text(str(cache), str(cache)) if cache else Text("不保留（PLANNING_CHECK_CACHE）", "none is kept (PLANNING_CHECK_CACHE)")
    yield Line(Text("缓存", "cache"), OK, said)


def _folder(name: Text, folder: Path) -> Line:
    """Whether a file can be written there, and how much room there is."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        said = f"{folder}: {error.strerror or error}"
        return Line(name, BAD, Text(f"{said}，不能写入", f"{said}; it cannot be written"),
                    Text("换一个能写入的文件夹（临时文件夹用 TMPDIR 或 TEMP 指定）", "choose another (the temporary one by TMPDIR or TEMP)"))  # fmt: skip
    said = f"{folder}, {free / _GB:,.1f} GB"
    state = BAD if free < _DISK[0] else WARN if free < _DISK[1] else OK
    fix = None if state == OK else Text("腾出空间", "make room")
    return Line(name, state, Text(f"{said} 可用", f"{said} free"), fix)


def _memory() -> Iterator[Line]:
    free = free_memory()
    name = Text("内存", "memory")
    if free is None:
        yield Line(name, OK, Text("不知道有多少", "not known"))
        return
    state = BAD if free < _MEMORY[0] else WARN if free < _MEMORY[1] else OK
    fix = None if state == OK else Text("关闭别的程序，或用 --memory 少占一些", "close other programs, or let it take less by --memory")
    yield Line(name, state, Text(f"{free / _GB:,.1f} GB 可用", f"{free / _GB:,.1f} GB available"), fix)


def free_memory() -> int | None:
    """Bytes of memory that are available; None where the system does not say."""
    told = Path("/proc/meminfo")
    if told.is_file():
        lines = dict(line.split(":", 1) for line in told.read_text("ascii", "replace").splitlines() if ":" in line)
        if "MemAvailable" in lines:
            return int(lines["MemAvailable"].split()[0]) * 1024
    if sys.platform == "win32":
        return _windows_memory()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def _windows_memory() -> int | None:
    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong), *((name, ctypes.c_ulonglong) for name in "abcdefg")]

    status: Any = Status(length=ctypes.sizeof(Status))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.b)


def _holidays(rule_dirs: Sequence[Path], today: dt.date) -> Iterator[Line]:
    """Deadlines in working days; the rules count days, months and years of the calendar."""
    name = Text("节假日", "holidays")
    try:
        table = load_workdays(rule_dirs)
    except ActionableError as error:  # of the table, not of this computer
        place = error.where or Place("")
        yield Line(name, BAD, Text(*(f"{place.get(lang)} {error.what.get(lang)}" for lang in ("zh", "en"))), error.fix)
        return
    own, years = _spans(table.years), table.known
    library, told = f"chinesecalendar {version('chinesecalendar')}", _spans(years)
    beside = Text(f"（{FILE} 写了 {own}）", f" ({FILE} tells {own})") if own else Text("", "")
    said = Text(f"{library}：知道 {told} 年的工作日，别的年份数不出{beside.zh}",
                f"{library}: the working days of {told} are known, of no other year{beside.en}")  # fmt: skip
    yield Line(name, OK if today.year in years else WARN, said, None if today.year in years else FIX)


def _spans(years: Sequence[int]) -> str:
    """2004-2026, 2028."""
    firsts = [year for year in years if year - 1 not in years]
    lasts = [year for year in years if year + 1 not in years]
    return ", ".join(f"{first}-{last}" if first < last else str(first) for first, last in zip(firsts, lasts, strict=True))


def _configured(config: Text | None) -> Iterator[Line]:
    none = Text("没有，用默认值（planning-check init 写一份）", "none, the defaults hold (planning-check init writes one)")
    yield Line(Text("配置文件", "configuration"), OK, config or none)


def _database(db_url: str) -> Iterator[Line]:
    from planning_check.pipeline.database import runs_list, shown_address
    from planning_check.store.address import file_of, parsed

    name, shown = Text("记录库", "database of runs"), ""
    try:
        shown = shown_address(db_url)
        file = file_of(parsed(db_url))
        if file is not None and not file.exists():
            yield Line(name, OK, Text(f"{shown}：还没有，第一次检查时建立", f"{shown}: not there yet, the first check makes it"))
            return
        runs = len(runs_list(db_url))
    except ActionableError as error:
        mends_itself = error.fix is not None and "planning-check" in error.fix.en  # by a command of this program, such as db upgrade
        said = Text(f"{shown}：{error.what.zh}", f"{shown}: {error.what.en}")
        yield Line(name, WARN if mends_itself else BAD, said, error.fix)
        return
    yield Line(name, OK, Text(f"{shown}：读得出，有 {runs} 次检查", f"{shown}: readable, of this version's shape, {runs} runs"))
