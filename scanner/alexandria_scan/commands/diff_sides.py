"""What `diff` compares: folders, or what they held at a git reference, and the versions written in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from alexandria_scan.compliance.difference.compare import Versions
from alexandria_scan.compliance.difference.module_tree import ModuleTree
from alexandria_scan.compliance.difference.result import Side
from alexandria_scan.graph.semantic_version import Version, tagged, version_of
from alexandria_scan.policy.manifest import PolicyError
from alexandria_scan.policy.yaml_file import YamlFile
from alexandria_scan.source.git import below, checked_out, commit_of, repository_of, tags_of
from alexandria_scan.source.git_command import GitError
from alexandria_scan.source.problems import Problem
from alexandria_scan.usage import UsageError

_HELP = "Compare two folders, or git references: alexandria-scan diff git:v1.2.0 . compares with what is here."


class Compared(msgspec.Struct, frozen=True):
    """One side: how the user called it, the folder, and the tags of its commit. `lacking` are the files below the
    folder whose content the repository lacks."""

    side: Side
    top: Path
    tags: tuple[str, ...] = ()
    lacking: frozenset[str] = frozenset()


@contextmanager
def compared_sides(old: str, new: str) -> Iterator[tuple[Compared, Compared]]:
    """Both sides. What git brings is in temporary folders, which are gone afterwards. Raises UsageError."""
    with ExitStack() as stack:
        try:
            yield _side(old, new, stack), _side(new, old, stack)
        except GitError as error:
            raise UsageError(str(error), error.help) from None


def _side(text: str, other: str, stack: ExitStack) -> Compared:
    if text.startswith("git:"):
        return _at_reference(text, other, stack)
    path = Path(text).absolute()
    if not text or not path.is_dir():
        raise UsageError(f"{text or 'An empty path'} is not a folder.", _HELP)
    return Compared(Side(text), path)


def _at_reference(text: str, other: str, stack: ExitStack) -> Compared:
    """`git:REF` is the same folder as the other side's, else the working directory; `git:REF:path` one from the top of
    the repository."""
    reference, colon, inner = text.removeprefix("git:").partition(":")
    beside = Path(other) if not other.startswith("git:") else Path.cwd()
    if not beside.is_dir():
        raise UsageError(f"{other} is not a folder.", _HELP)
    repository = repository_of(beside)
    commit = commit_of(repository, reference)
    temporary = stack.enter_context(TemporaryDirectory(prefix="alexandria-scan-"))
    base, lacking = checked_out(repository, commit, Path(temporary))
    top = base / inner if colon else base / below(repository, beside)
    if not top.resolve().is_relative_to(base) or not top.is_dir():
        raise UsageError(f"There is no folder {top.relative_to(base).as_posix()} at {reference}.", _HELP)
    below_top = (base / path for path in lacking)
    names = frozenset(path.relative_to(top).as_posix() for path in below_top if top in path.parents)
    return Compared(Side(text, commit), top, (reference, *tags_of(repository, commit)), names)


def not_read(compared: Compared, tree: ModuleTree) -> list[Problem]:
    """What could not be read or understood in the modules of a side."""
    said = f"The repository lacks what it held at {compared.side.label.removeprefix('git:')}."
    lacking = [
        Problem(name, 0, 0, "File cannot be read", said, help="git fetch --refetch brings what is missing.")
        for name in compared.lacking
        if tree.is_compared(name)
    ]
    return [*lacking, *(one for one in tree.problems() if one.file not in compared.lacking)]


def versions_of(
    path: str, old: Compared, new: Compared, trees: tuple[ModuleTree, ModuleTree], given: tuple[str | None, str | None]
) -> Versions:
    """The versions of a module: those that were given, else from its metadata, its change log, or the tags."""
    both = all(path in tree.modules for tree in trees)
    found = []
    for compared, text in zip((old, new), given, strict=True):
        found.append((_given(text), "the command line") if text is not None else _written(compared, path, both))
    (before, one), (after, other) = found
    return Versions(before, after, " and ".join(dict.fromkeys(name for name in (one, other) if name)))


def _given(text: str) -> Version:
    version = version_of(text)
    if version is None:
        raise UsageError(f"{text!r} is not a semantic version.", "For example --new-version 1.2.0")
    return version


def _written(compared: Compared, path: str, own: bool) -> tuple[Version | None, str]:
    """The version in the module's folder or the nearest one above it; without `own`, only above it."""
    folders = [compared.top / path, *(compared.top / path).parents]
    for folder in folders[: folders.index(compared.top) + 1]:
        if own or folder == compared.top != compared.top / path:
            for name, version in ((".alexandria.yaml", _metadata(folder)), ("CHANGELOG.md", _changelog(folder))):
                if version is not None:
                    return version, name
    tags = (tagged(tag) for tag in compared.tags)
    return next(((found[1], "the tag") for found in tags if found is not None), (None, ""))


def _metadata(folder: Path) -> Version | None:
    path = folder / ".alexandria.yaml"
    try:
        data = YamlFile(path, path.name).data if path.is_file() else None
    except PolicyError:  # another policy's business; the version may stand elsewhere
        return None
    module = data.get("module") if isinstance(data, dict) else None
    version = module.get("version") if isinstance(module, dict) else None
    return version_of(version) if isinstance(version, str) else None


def _changelog(folder: Path) -> Version | None:
    path = folder / "CHANGELOG.md"
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace") if path.is_file() else ""
    except OSError:
        return None
    from alexandria_scan.graph.changelog import releases  # reads Markdown, which a comparison may do without

    return next((version for one in releases(text) if (version := version_of(one.version)) is not None), None)
