"""What is left of modules that are done with: nothing, although no collector runs."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.garbage import Garbage
from alexandria_scan.source.disk import Disk
from alexandria_scan.source.folders import SourceTree


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.usefixtures("no_collector")
def test_what_a_hundred_modules_leave_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('output "a" {\n  value = local.a\n}\n\nlocals {\n  a = path.module\n}\n', "utf-8")
    garbage, left = Garbage(), list[weakref.ref[Evaluation]]()
    for _ in range(100):
        evaluation = Evaluation(SourceTree(tmp_path))
        root = evaluation.root(tmp_path)
        assert root is not None and root.output("a") == "."
        left.append(weakref.ref(evaluation))
        evaluation.release()
        del evaluation, root
        garbage.left_by_one()
    assert not any(one() for one in left)


class _Held:
    pass


@pytest.mark.usefixtures("no_collector")
def test_a_folder_that_is_not_there_keeps_nothing_of_who_asked(tmp_path: Path) -> None:
    disk, left = Disk(), list[weakref.ref[_Held]]()

    def ask() -> None:
        held = _Held()
        left.append(weakref.ref(held))
        with pytest.raises(FileNotFoundError, match="No such file"):
            disk.entries(tmp_path / "missing")

    ask()
    ask()
    gc.collect()
    assert not any(one() for one in left)
