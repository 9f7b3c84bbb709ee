"""What changed in a module since a tag of its repository."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from alexandria_scan.compliance.difference.change import Since
from alexandria_scan.compliance.difference.compare import Versions, compare
from alexandria_scan.compliance.difference.contents import Contents, are_closed, contents_of
from alexandria_scan.compliance.difference.module_tree import ModuleTree
from alexandria_scan.evaluate.garbage import Garbage
from alexandria_scan.source.callers import called_from
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.source.git import CheckedOut, below, checked_out, commit_of
from alexandria_scan.source.git_command import GitError
from alexandria_scan.source.problems import Problem


class EarlierVersions:
    """A repository at its tags, one of them at a time in a temporary folder, which is gone at the end: there, of a
    library in which each module has tags of its own, is what one module needs."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._stack = ExitStack()
        self._garbage = Garbage()
        self._tag = ""
        self._commit = ""
        self._temporary = Path()
        self._folders: dict[Path, CheckedOut] = {}

    def __enter__(self) -> EarlierVersions:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def changes(self, tag: str, folder: Path) -> Since:
        """What changed in the module in a folder since a tag."""
        try:
            inner = below(self._repository, folder)
            base, lacking = self._at(tag, inner)
        except GitError as error:
            return Since(open_=str(error).rstrip("."))
        top = base / inner
        if not top.is_dir():
            return Since(open_=f"the module is not in {tag}")
        old, new = ModuleTree(top), ModuleTree(folder)
        if "." not in old.modules:
            return Since(open_=f"the module is not in {tag}")
        gone = [name for path in lacking if old.is_compared(name := old.relative(base / path))]
        if gone:
            return Since(open_=f"the repository lacks what {gone[0]} held at {tag}; git fetch --refetch brings it")
        compared = compare(old, new, dict.fromkeys(old.modules.keys() | new.modules.keys(), Versions()), self._garbage)
        problems = [(tag, one) for one in old.problems()] or [("", one) for one in new.problems()]
        if problems:
            return Since(open_=_told(*problems[0]))
        return Since(tuple(change for module in compared for change in module.changes))

    def _at(self, tag: str, folder: Path) -> CheckedOut:
        """What a folder and all that it calls were at a tag; the whole repository, if it may look elsewhere."""
        if tag != self._tag:
            self._stack.close()
            self._folders.clear()
            self._tag = ""
            self._commit = commit_of(self._repository, f"refs/tags/{tag}")
            self._temporary = Path(self._stack.enter_context(TemporaryDirectory(prefix="alexandria-scan-")))
            self._tag = tag
        lacking = {path for one in self._needed(folder) for path in self._folder(one).lacking}
        return CheckedOut(self._folder(folder).top, tuple(sorted(lacking)))

    def _needed(self, folder: Path) -> set[Path]:
        """The folder and all that it calls, and the top of the repository if they may look elsewhere."""
        waiting, seen = [folder], set[Path]()
        held: list[Contents] = []
        while waiting:
            one = waiting.pop()
            if one not in seen and one.parts:
                base = self._folder(one).top
                modules = SourceTree(base).module_folders(base / one)
                held += map(contents_of, modules)
                if any(map(Path.is_symlink, (base / one).rglob("*"))) or not are_closed(held):
                    return {*seen, one, Path()}
                waiting += _called(base, one, modules)
            seen.add(one)
        return seen

    def _folder(self, folder: Path) -> CheckedOut:
        if folder not in self._folders:
            self._folders[folder] = checked_out(self._repository, self._commit, self._temporary, folder)
        return self._folders[folder]


def _called(base: Path, folder: Path, modules: list[Path]) -> list[Path]:
    """The folders outside of a folder that the modules in it call, all of them below the base."""
    top = base / folder
    called = {target for one in modules for target in called_from(one)}
    outside = (target for target in called if top != target and top not in target.parents)
    return sorted(target.relative_to(base) for target in outside if base in (target, *target.parents))


def _told(tag: str, problem: Problem) -> str:
    at = f" at {tag}" if tag else ""
    return f"not all of it could be read{at}: {problem.file}:{problem.line}: {problem.summary}"
