"""What a file is by what it holds, whatever its name says; what is not read is told by its own name, each with its own remedy."""

from __future__ import annotations

import mmap
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from planning_check.errors import Text
from planning_check.ingest.sheets import FileProblem


@dataclass(frozen=True)
class Kind:
    """A kind of file that is read. ``by``: the reader (sheets, layers, archive); ``endings``: those that programs give it, the usual one
    first."""

    name: str
    by: str
    label: Text
    endings: tuple[str, ...]


def _kinds(*rows: tuple[str, str, str, str, str]) -> dict[str, Kind]:
    return {name: Kind(name, by, Text(zh, en), tuple(f".{one}" for one in endings.split())) for name, by, zh, en, endings in rows}


KINDS = _kinds(
    ("xlsx", "sheets", "Excel 工作簿（.xlsx）", "an Excel workbook (.xlsx)", "xlsx xlsm xltx xltm et"),
    ("xlsb", "sheets", "Excel 二进制工作簿（.xlsb）", "a binary Excel workbook (.xlsb)", "xlsb"),
    ("xls", "sheets", "Excel 97-2003 工作簿（.xls）", "an Excel 97-2003 workbook (.xls)", "xls xlt et"),
    ("ods", "sheets", "OpenDocument 表格（.ods）", "an OpenDocument spreadsheet (.ods)", "ods ots"),
    ("xml2003", "sheets", "Excel 2003 XML 表格", "an Excel 2003 XML spreadsheet", "xml"),
    ("html", "sheets", "网页表格（HTML）", "an HTML table", "html htm"),
    ("text", "sheets", "文字（.csv）", "text (.csv)", "csv tsv txt"),
    ("records", "sheets", "JSON 记录", "JSON records", "json jsonl ndjson"),
    ("gpkg", "layers", "GeoPackage", "a GeoPackage", "gpkg"),
    ("shp", "layers", "Shapefile", "a Shapefile", "shp"),
    ("dbf", "layers", "dBASE 表（.dbf）", "a dBASE table (.dbf)", "dbf"),
    ("geojson", "layers", "GeoJSON", "GeoJSON", "geojson json"),
    ("topojson", "layers", "TopoJSON", "TopoJSON", "topojson json"),
    ("kml", "layers", "KML", "KML", "kml"),
    ("kmz", "layers", "KMZ", "KMZ", "kmz"),
    ("parquet", "layers", "Parquet", "Parquet", "parquet geoparquet"),
    ("gdb", "layers", "文件地理数据库（.gdb）", "a file geodatabase (.gdb)", "gdb"),
    ("tab", "layers", "MapInfo 图层（.tab）", "a MapInfo layer (.tab)", "tab"),
    ("mif", "layers", "MapInfo 图层（.mif）", "a MapInfo layer (.mif)", "mif"),
    ("dxf", "layers", "CAD 图（.dxf）", "a CAD drawing (.dxf)", "dxf"),
    ("zip", "archive", "压缩包（.zip）", "a zip archive", "zip"),
)
#: First bytes of what is not read, the problem that it is, and its name.
_NOT_READ = (
    (b"%PDF", "document_file", "PDF 文件", "a PDF"),
    (b"{\\rtf", "document_file", "RTF 文档", "an RTF document"),
    (b"\x89PNG", "picture_file", "图片（PNG）", "a picture (PNG)"),
    (b"\xff\xd8\xff", "picture_file", "图片（JPEG）", "a picture (JPEG)"),
    (b"GIF8", "picture_file", "图片（GIF）", "a picture (GIF)"),
    (b"II*\0", "picture_file", "图片（TIFF）", "a picture (TIFF)"),
    (b"MM\0*", "picture_file", "图片（TIFF）", "a picture (TIFF)"),
    (b"Rar!", "archive_file", "压缩包（RAR）", "an archive (RAR)"),
    (b"7z\xbc\xaf", "archive_file", "压缩包（7z）", "an archive (7z)"),
    (b"\x1f\x8b", "archive_file", "压缩包（gzip）", "an archive (gzip)"),
    (b"BZh", "archive_file", "压缩包（bzip2）", "an archive (bzip2)"),
    (b"\xfd7zXZ", "archive_file", "压缩包（xz）", "an archive (xz)"),
    (b"\0\1\0\0Standard Jet DB", "database_file", "Access 数据库（.mdb）", "an Access database (.mdb)"),
    (b"\0\1\0\0Standard ACE DB", "database_file", "Access 数据库（.accdb）", "an Access database (.accdb)"),
    (b"AC10", "drawing_file", "AutoCAD 图（.dwg）", "an AutoCAD drawing (.dwg)"),
    (b"AutoCAD Binary DXF", "drawing_file", "二进制 DXF 图", "a binary DXF drawing"),
    (b"fgb\3", "layer_file", "FlatGeobuf 图层", "a FlatGeobuf layer"),
    (b"MIME-Version:", "sheet_file", "单个文件网页（MHTML）", "a web archive (MHTML)"),
    (b"ID;PWXL", "sheet_file", "SYLK 表格", "a SYLK spreadsheet"),
    (b"\x09\x08\x10\0\0\6\5\0", "sheet_file", "Excel 5 以前的工作簿", "a workbook of before Excel 97"),
    (b"\x09\4\6\0", "sheet_file", "Excel 4 工作簿", "an Excel 4 workbook"),
    (b"\x09\2\6\0", "sheet_file", "Excel 3 工作簿", "an Excel 3 workbook"),
)
_PRINTABLE = re.compile(rb"[ -~]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
#: Those of them that are text.
_LETTERS = (b"%PDF", b"{\\rtf", b"MIME-Version:", b"ID;PWXL")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Streams of a compound file, and what it is that has one.
_STREAMS = (
    ("EncryptedPackage", "password_protected", "", ""),
    ("WordDocument", "document_file", "Word 文档（.doc）", "a Word document (.doc)"),
    ("PowerPoint Document", "document_file", "幻灯片（.ppt）", "a presentation (.ppt)"),
)
#: What the first letters of an XML file say: the problem that it is, and its name.
_MARKUP = (
    ("<ogrvrt", "layer_file", "GDAL 虚拟图层（VRT），内容在别的文件里", "a virtual layer of GDAL (VRT), whose content is in other files"),
    ("<ogrwfs", "layer_file", "地图服务的地址（WFS），不去连接", "the address of a map service (WFS), which is not called"),
    ("opengis.net/gml", "layer_file", "GML 图层", "a GML layer"),
    ("urn:oasis:names:tc:opendocument", "sheet_file", "单个 XML 的 OpenDocument 表格（.fods）", "a flat OpenDocument file (.fods)"),
    ("<wordprocessingml", "document_file", "Word XML 文档", "a Word XML document"),
)
#: How layers begin that are written in letters.
_WRITTEN = (
    (r"!table\b", "tab"),
    (r"version\s+\d+\s+charset\b", "mif"),
    (r"(?:999\s*\n.*\n\s*)*0\s*\n\s*SECTION\b", "dxf"),
)
_GEOMETRIES = rb"FeatureCollection|Feature|(?:Multi)?(?:Point|LineString|Polygon)|GeometryCollection|Topology"
_TYPE = re.compile(rb'"type"\s*:\s*"(' + _GEOMETRIES + rb')"')
_HEAD = 65_536
#: The kind that an ending says.
BY_ENDING = {ending: kind for kind in reversed(KINDS.values()) for ending in kind.endings}
_TEXT_ENDINGS = KINDS["text"].endings
_HTML = re.compile(r"<!doctype html|<(?:html|head|meta|table|body|style)\b")


def kind_of(path: Path) -> Kind:
    """The kind of a file that is read. Raises FileProblem for one that is not, with its name and remedy."""
    if is_geodatabase(path):
        return KINDS["gdb"]
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise FileProblem("empty_file")
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zipped(path)
    if head.startswith(_OLE):
        return _compound(path)
    for begins, code, zh, en in _NOT_READ:
        if head.startswith(begins) and (begins in _LETTERS or not _PRINTABLE.fullmatch(begins) or not _is_text(head)):
            raise FileProblem(code, Text(zh, en))
    return _binary(path, head) or _written(path, head)


def _binary(path: Path, head: bytes) -> Kind | None:
    if head.startswith(b"SQLite format 3\0"):
        return _sqlite(path, head)
    for begins, name in ((b"\0\0\x27\x0a", "shp"), (b"PAR1", "parquet")):
        if head.startswith(begins) and (name == "shp" or not _is_text(head)):
            return KINDS[name]
    if path.suffix.lower() == ".dbf" or _is_dbf(path, head):
        return KINDS["dbf"]
    return None


def is_geodatabase(path: Path) -> bool:
    """A folder that is one file geodatabase: its first table lists the others."""
    return os.path.isfile(path / "a00000001.gdbtable")  # noqa: PTH113 - without an error for a folder that is closed


def _zipped(path: Path) -> Kind:
    """A zip archive, or what is one inside."""
    ending = path.suffix.lower()
    try:
        with zipfile.ZipFile(path) as package:
            names = {name.lower() for name in package.namelist()}
            told = package.read("mimetype")[:200].decode("ascii", "replace") if "mimetype" in names else ""
    except Exception as error:  # whatever the library raises over damaged bytes
        kind = BY_ENDING.get(ending, KINDS["zip"])
        raise FileProblem(
            "unreadable_file",
            Text(
                f"{kind.label.zh}的后半部分不在，或内容损坏",
                f"the latter part of {kind.label.en} is missing, or it is damaged",
            ),
        ) from error
    for part, name in (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb")):
        if part in names:
            return KINDS[name]
    if "opendocument.spreadsheet" in told:
        return KINDS["ods"]
    if "word/document.xml" in names or "opendocument.text" in told:
        raise FileProblem("document_file", Text("Word/WPS 文档", "a text document"))
    if "doc.kml" in names or (ending == ".kmz" and any(name.endswith(".kml") for name in names)):
        return KINDS["kmz"]
    if any(name.startswith("ppt/") for name in names):
        raise FileProblem("document_file", Text("幻灯片", "a presentation"))
    return KINDS[ending[1:]] if ending in (".xlsx", ".xlsb", ".ods") and "[content_types].xml" in names else KINDS["zip"]


def _compound(path: Path) -> Kind:
    """An old Office file: which one, its streams say."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        for stream, code, zh, en in _STREAMS:
            if held.find(stream.encode("utf-16-le")) >= 0:
                raise FileProblem(code, Text(zh, en))
        if path.suffix.lower() in (".doc", ".ppt", ".msi", ".db", ".msg") and held.find("Book".encode("utf-16-le")) < 0:
            raise FileProblem("unsupported_file", Text(path.suffix, path.suffix))
    return KINDS["xls"]


def _sqlite(path: Path, head: bytes) -> Kind:
    if path.suffix.lower() == ".gpkg" or head[68:72] in (b"GPKG", b"GP10", b"GP11") or b"gpkg_contents" in head:
        return KINDS["gpkg"]
    raise FileProblem("database_file", Text("SQLite 数据库", "a SQLite database"))


def _is_dbf(path: Path, head: bytes) -> bool:
    """Whether the numbers in its head fit its length; it has no other sign."""
    if head[0] not in (0x02, 0x03, 0x30, 0x31, 0x83, 0x8B, 0xF5) or len(head) < 33:
        return False
    records, start, width = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    return width > 1 and start > 32 and 0 <= path.stat().st_size - start - records * width <= 1


def _is_text(head: bytes) -> bool:
    """Whether hardly a byte of it is none of a text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    odd = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b")
    return odd * 100 <= len(head) or unmarked_utf16(head) is not None


def unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: letters of ASCII have their NUL on one side, and some are in every table."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if len(head) < 16 or most * 10 < len(head) or least * 20 > most:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    return encoding if not _CONTROL.search(head[: len(head) // 2 * 2].decode(encoding, "ignore")) else None


def _written(path: Path, head: bytes) -> Kind:
    """What is written in letters; else what its name says it is, and is not."""
    ending = path.suffix.lower()
    if not _is_text(head) and ending not in _TEXT_ENDINGS:
        named = BY_ENDING.get(ending)
        if named is None:
            raise FileProblem("unsupported_file", Text(ending or path.name, ending or path.name))
        said = Text(
            f"名称是 {ending}，内容不是{named.label.zh}，也认不出是什么",
            f"named {ending}, but it is not {named.label.en}, nor anything known",
        )
        raise FileProblem("unreadable_file", said)
    start = _as_letters(head)
    for sign, name in _WRITTEN:
        if re.match(sign, start, re.I):
            return KINDS[name]
    if start.startswith("<"):
        return _markup(start.lower())
    if re.match(r'\{\s*["}]|\[\s*[{\[\]]', start):
        return _json(path)
    return KINDS["text"]


def _as_letters(head: bytes) -> str:
    mark = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(head[:2]) or unmarked_utf16(head)
    return head.decode(mark or "utf-8", "ignore").lstrip("\ufeff \t\r\n")


def _markup(start: str) -> Kind:
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return KINDS["xml2003"]
    for sign, code, zh, en in _MARKUP:
        if sign in start:
            raise FileProblem(code, Text(zh, en))
    if re.search(r"<(?:\w+:)?kml\b", start):
        return KINDS["kml"]
    if _HTML.search(start):
        return KINDS["html"]
    raise FileProblem("unsupported_file", Text("XML 文件", "an XML file"))


def _json(path: Path) -> Kind:
    """Shapes have a type and coordinates; whatever else is JSON is records."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        found = _TYPE.search(held)
        if found and found[1] == b"Topology" and held.find(b'"arcs"') >= 0:
            return KINDS["topojson"]
        if found and any(held.find(b'"' + word + b'"') >= 0 for word in (b"coordinates", b"features", b"geometries", b"geometry")):
            return KINDS["geojson"]
        return KINDS["records"]


def named_otherwise(path: Path, kind: Kind) -> Text | None:
    """That a file is no such thing as its ending says. (An ending that says nothing is none.)"""
    ending = path.suffix.lower()
    if ending in kind.endings or ending not in BY_ENDING:
        return None
    usual = kind.endings[0]
    return Text(
        f"{ending}，内容是{kind.label.zh}，文件名应以 {usual} 结尾", f"{ending}, but it is {kind.label.en} and should end in {usual}"
    )
