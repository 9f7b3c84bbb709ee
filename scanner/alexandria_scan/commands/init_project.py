"""alexandria-scan init: a configuration file with every option explained, the pre-commit entry and a CI job."""

from __future__ import annotations

import argparse
from pathlib import Path

from alexandria_scan import __version__, bundled
from alexandria_scan.config import FILE_NAMES
from alexandria_scan.config.options import OPTIONS
from alexandria_scan.usage import UsageError

_HEAD = """\
# What alexandria-scan scans here, by which policies, and what is accepted. Every option is shown; take the mark of
# comment away from those that you want. The command line beats this file, and alexandria-scan --show-config prints
# what is in force.
"""
_TEMPLATES = {
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".github/workflows/alexandria-scan.yml": "github-workflow.yml",
}


def run_init_project(given: argparse.Namespace) -> int:
    """Writes the files that are not there, and prints what to add to those that are. Raises UsageError."""
    folder = Path(given.dir)
    if not folder.is_dir():
        raise UsageError(f"{given.dir} is not a folder.", "--dir takes the folder of a repository.")
    there = next((name for name in FILE_NAMES if (folder / name).exists()), None)
    if there is not None:
        raise UsageError(
            f"{(folder / there).as_posix()} is already there, and is not overwritten.",
            "Edit it: alexandria-scan --show-config prints what is in force.",
        )
    _write(folder / FILE_NAMES[0], commented_config())
    templates = bundled.folder("reports") / "templates" / "init"
    for name, template in _TEMPLATES.items():
        text = (templates / template).read_text(encoding="utf-8").replace("VERSION", __version__)
        path = folder / name
        if path.exists():
            print(f"\n{path.as_posix()} is already there. What alexandria-scan needs in it:\n\n{text}")
        else:
            _write(path, text)
    return 0


def commented_config() -> str:
    """A configuration file that sets nothing and shows everything."""
    parts = [_HEAD]
    for option in OPTIONS:
        about = "".join(f"# {line}\n" for line in option.about.split("\n"))
        parts.append(about + "".join(f"#{line}\n" for line in option.example.split("\n")))
    return "\n".join(parts)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{path.as_posix()} cannot be written: {error.strerror or error}.") from None
    print(f"wrote {path.as_posix()}")
