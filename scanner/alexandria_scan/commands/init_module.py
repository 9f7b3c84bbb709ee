"""alexandria-scan init module NAME: a module that keeps every MUST, to be filled with resources."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alexandria_scan.commands.scaffold import Wanted, files_of
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.patterns import pattern
from alexandria_scan.scan import Options, scan
from alexandria_scan.usage import UsageError

LAYERS = ("foundations", "compute", "data", "integration", "observability", "security", "patterns")
TIERS = ("basic", "standard", "advanced")
_NAME = pattern(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_ENGINES = {
    "aurora", "cassandra", "docdb", "documentdb", "dynamodb", "kafka", "mariadb", "memcached", "mongodb", "mysql",
    "neptune", "opensearch", "oracle", "postgres", "postgresql", "redis", "redshift", "sqlserver", "valkey",
}  # fmt: skip
_LONGEST = 60
_ALPHA = (
    "The module's resources in main.tf, in place of terraform_data.this, and their providers in versions.tf",
    "Unit tests that pass: terraform test -test-directory=tests/unit; so far they are about names and tags",
    "Tests that cover half of it or more",
    "Your team and channel, and maturity alpha, in .alexandria.yaml",
)


def run_init_module(given: argparse.Namespace) -> int:
    name, layer, subcategory = _folder_name(given.name, given.tier), *_category(given.category)
    folder = Path(given.dir) / name
    files = files_of(Wanted(name, layer, subcategory, given.tier, _today(), not _licensed_above(folder)))
    _write(folder, files)
    result = scan(Options(paths=(str(folder),)))
    sys.stdout.write(_told(folder, files, result, name != given.name))
    return 0


def _folder_name(name: str, tier: str) -> str:
    """The module's name, which begins or ends with its tier or names an engine. Raises UsageError."""
    if not _NAME.match(name) or len(name) > _LONGEST:
        raise UsageError(
            f"{name!r} is not the name of a module.",
            f"A name is words in lower case joined by hyphens, at most {_LONGEST} characters: rds-postgres.",
        )
    words = name.split("-")
    said = {words[0], words[-1]} & set(TIERS)
    if said - {tier}:
        raise UsageError(
            f"The name says {sorted(said)[0]}, and --tier says {tier}.", "Give the tier that the name has, or no tier."
        )
    return name if said or _ENGINES & set(words) else f"{name}-{tier}"


def _category(text: str) -> tuple[str, str]:
    """Layer and subcategory. Raises UsageError."""
    layer, _, subcategory = text.partition("/")
    if layer not in LAYERS:
        raise UsageError(f"There is no category {layer!r}.", f"Categories: {', '.join(LAYERS)}.")
    if subcategory and not _NAME.match(subcategory):
        raise UsageError(f"{subcategory!r} is not the name of a subcategory.", "For example data/databases.")
    return layer, subcategory


def _today() -> str:
    return datetime.date.today().isoformat()


def _licensed_above(folder: Path) -> bool:
    """Whether a folder above has a licence, up to the repository's top."""
    for above in folder.absolute().parents:
        if any((above / name).is_file() for name in ("LICENSE", "LICENSE.md", "LICENSE.txt")):
            return True
        if (above / ".git").exists():
            return False
    return False


def _write(folder: Path, files: dict[str, str]) -> None:
    """Writes the module whole or not at all. Raises UsageError if something is there already."""
    if folder.exists() or folder.is_symlink():
        raise UsageError(f"{folder.as_posix()} exists already.", "Give another name, or remove it first.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".alexandria-scan-", dir=folder.parent) as temporary:
            base = Path(temporary) / folder.name
            for name, text in files.items():
                path = base / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8", newline="\n")
            base.rename(folder)
    except OSError as error:
        raise UsageError(
            f"{folder.as_posix()} cannot be written: {error.strerror or error}.",
            "Give a folder of your own with --dir.",
        ) from None


def _told(folder: Path, files: dict[str, str], result: ScanResult, renamed: bool) -> str:
    must = [control for one in result.standards for control in one.controls if control.level == "MUST"]
    held = sum(control.verdict == "pass" for control in must)
    lines = [f"{folder.as_posix()}: {len(files)} files."]
    if renamed:
        lines.append("Its name says its tier, as the standard asks.")
    broken = [control for control in must if control.verdict not in ("pass", "not_applicable")]
    if broken:
        lines.append(f"{held} of the {held + len(broken)} MUST controls that apply hold; these do not:")
        lines += [f"  {control.id}  {control.title}" for control in broken]
    else:
        lines.append(f"All {held} MUST controls that apply hold.")
    lines += ["", "What alpha still needs:", *(f"  - {text}" for text in _ALPHA)]
    lines += ["", f"alexandria-scan {folder.as_posix()} checks it again."]
    return "\n".join(lines) + "\n"
