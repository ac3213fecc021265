"""Builds the documentation site and its zip: ``python -m tools.site [FOLDER]`` (``pip install -e '.[docs]'`` first).

The pages of the repository are staged under their own paths, so that their links stay as they are; a rule's file that a page leads to
becomes a page, a folder a list of what is in it. Any dead link or anchor ends the build. The same pages give the same bytes.
"""

from __future__ import annotations

import argparse
import logging
import os
import posixpath
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "docs" / "mkdocs.yml"
#: The page that each site opens with, and the line in it that leads to the other (the site has a switch of its own).
HOMES = {"zh": "README.zh.md", "en": "README.md"}
SWITCH = re.compile(r"^\[(?:English|中文)\]\(README(?:\.zh)?\.md\).*\n\n?", re.MULTILINE)
LINK = re.compile(r"(\]\()([^)#:\s]+)((?:#[^)]*)?\))")
BROKEN = re.compile(r"(?<=[\u3001-\u9fff\uff00-\uffef])\n(?=[\u3001-\u9fff\uff00-\uffef])")
AS_PAGES = {".yaml": "yaml", ".py": "python", ".txt": "text", ".sql": "sql"}
DAY = (1980, 1, 1, 0, 0, 0)


def title(both: str, lang: str) -> str:
    """The half of a title of docs/mkdocs.yml that this language reads: "中文 · English"."""
    chinese, english = both.split(" · ")
    return {"zh": chinese, "en": english}[lang]


def navigation(entries: list[Any], lang: str) -> list[Any]:
    """The contents with the titles of one language."""
    return [
        {title(both, lang): navigation(under, lang) if isinstance(under, list) else under for both, under in entry.items()}
        for entry in entries
    ]


def named(entries: list[Any]) -> Iterator[str]:
    """The pages that the contents name, by their paths in the repository."""
    for entry in entries:
        for under in entry.values():
            if isinstance(under, list):
                yield from named(under)
            else:
                yield under


def stage(pages: list[str], lang: str, folder: Path) -> None:
    """Writes these pages, and what they lead to, into a folder. FileNotFoundError names a page and a link of it that leads nowhere."""
    waiting, done = list(pages), set()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        source = ROOT / (HOMES[lang] if name == "README.md" else name)
        place = folder / _placed(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            inside = sorted(path.name for path in source.iterdir() if not path.name.startswith(("_", ".")))
            text = f"# {name}\n\n" + "".join(f"* [{one}]({one})\n" for one in inside)
        elif source.suffix in AS_PAGES:
            text = source.read_text("utf-8").rstrip("\n")
            code = f"``````{AS_PAGES[source.suffix]}\n{text}\n``````\n"
            place.write_text(f"---\nsearch: {{exclude: true}}\n---\n\n# {source.name}\n\n{code}", "utf-8")
            continue
        elif source.suffix == ".md":
            text = _whole_lines(SWITCH.sub("", source.read_text("utf-8")))
        else:
            shutil.copyfile(source, place)
            continue
        base = name if source.is_dir() else posixpath.dirname(name)
        for _, target, _ in LINK.findall(text):
            led = posixpath.normpath(posixpath.join(base, target))
            if not (ROOT / led).exists():
                raise FileNotFoundError(f"{name}: {target} leads nowhere")
            waiting.append(led)
        place.write_text(LINK.sub(partial(_to_placed, base), text), "utf-8")


def _whole_lines(text: str) -> str:
    """The text without the breaks inside a Chinese sentence, which a browser would show as spaces; code stays as it is."""
    return "```".join(part if n % 2 else BROKEN.sub("", part) for n, part in enumerate(text.split("```")))


def _placed(name: str) -> str:
    if (ROOT / name).is_dir():
        return posixpath.join(name, "index.md")
    return f"{name}.md" if Path(name).suffix in AS_PAGES else name


def _to_placed(base: str, link: re.Match[str]) -> str:
    placed = _placed(posixpath.normpath(posixpath.join(base, link[2])))
    return link[1] + posixpath.relpath(placed, base or ".") + link[3]


def build(folder: Path) -> Path:
    """Both sites in a folder that is made anew, and the zip beside it, whose path is given. Needs the packages of the extra ``docs``."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # mkdocs writes the day of the build into its map of the site
    from mkdocs.commands.build import build as make
    from mkdocs.config import load_config

    shutil.rmtree(folder, ignore_errors=True)
    for lang in HOMES:
        with tempfile.TemporaryDirectory() as staged:
            config = load_config(str(CONFIG), docs_dir=staged, site_dir=str(folder if lang == "zh" else folder / lang), strict=True)
            stage([*named(config["nav"]), *config["extra"]["polyfills"]], lang, Path(staged))
            config["site_name"] = title(config["site_name"], lang)
            config["nav"] = navigation(config["nav"], lang)
            config["theme"]["language"] = lang
            homes = {"zh": "index.html", "en": "en/index.html"} if lang == "zh" else {"zh": "../index.html", "en": "index.html"}
            config["extra"]["alternate"] = [
                {"name": name, "link": homes[to], "lang": to} for to, name in (("zh", "中文"), ("en", "English"))
            ]
            make(config)
    for written in folder.rglob("sitemap.xml*"):
        written.unlink()  # for search engines, and the compressed one holds the hour
    return _pack(folder)


def _pack(folder: Path) -> Path:
    target = folder.with_name(folder.name + ".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted((one for one in folder.rglob("*") if one.is_file()), key=lambda one: one.as_posix()):
            info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", DAY)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, path.read_bytes())
    return target


if __name__ == "__main__":
    logging.basicConfig(format="%(message)s", level=logging.WARNING)  # what ends a strict build is said
    arguments = argparse.ArgumentParser(description="Builds the documentation site and its zip.")
    arguments.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "planning_check_docs")
    asked = arguments.parse_args().folder.resolve()
    print(f"wrote {build(asked)}\nopen {asked / 'index.html'}")
