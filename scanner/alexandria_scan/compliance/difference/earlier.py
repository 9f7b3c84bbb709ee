"""What changed in a module since a tag of its repository."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from alexandria_scan.compliance.difference.change import Since
from alexandria_scan.compliance.difference.compare import Versions, compare
from alexandria_scan.compliance.difference.module_tree import ModuleTree
from alexandria_scan.source.git import CheckedOut, below, checked_out, commit_of
from alexandria_scan.source.git_command import GitError
from alexandria_scan.source.problems import Problem


class EarlierVersions:
    """A repository at its tags, one of them at a time in a temporary folder, which is gone at the end."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._stack = ExitStack()
        self._tag = ""
        self._base: CheckedOut | None = None

    def __enter__(self) -> EarlierVersions:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def changes(self, tag: str, folder: Path) -> Since:
        """What changed in the module in a folder since a tag."""
        try:
            base, lacking = self._at(tag)
            top = base / below(self._repository, folder)
        except GitError as error:
            return Since(open_=str(error).rstrip("."))
        if not top.is_dir():
            return Since(open_=f"the module is not in {tag}")
        old, new = ModuleTree(top), ModuleTree(folder)
        if "." not in old.modules:
            return Since(open_=f"the module is not in {tag}")
        gone = [name for path in lacking if old.is_compared(name := old.relative(base / path))]
        if gone:
            return Since(open_=f"the repository lacks what {gone[0]} held at {tag}; git fetch --refetch brings it")
        compared = compare(old, new, dict.fromkeys(old.modules.keys() | new.modules.keys(), Versions()))
        problems = [(tag, one) for one in old.problems()] or [("", one) for one in new.problems()]
        if problems:
            return Since(open_=_told(*problems[0]))
        return Since(tuple(change for module in compared for change in module.changes))

    def _at(self, tag: str) -> CheckedOut:
        if self._base is None or tag != self._tag:
            self._stack.close()
            temporary = Path(self._stack.enter_context(TemporaryDirectory(prefix="alexandria-scan-")))
            self._base = None
            self._base = checked_out(self._repository, commit_of(self._repository, f"refs/tags/{tag}"), temporary)
            self._tag = tag
        return self._base


def _told(tag: str, problem: Problem) -> str:
    at = f" at {tag}" if tag else ""
    return f"not all of it could be read{at}: {problem.file}:{problem.line}: {problem.summary}"
