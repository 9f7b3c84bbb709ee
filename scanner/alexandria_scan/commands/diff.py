"""alexandria-scan diff OLD NEW, alexandria-scan diff --since TAG PATH"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from alexandria_scan.commands.diff_sides import Compared, compared_sides, not_read, versions_of
from alexandria_scan.commands.output import page_options, print_report
from alexandria_scan.compliance.difference.compare import compare
from alexandria_scan.compliance.difference.controls import weakened
from alexandria_scan.compliance.difference.module_tree import ModuleTree, is_unchanged
from alexandria_scan.compliance.difference.result import Difference
from alexandria_scan.compliance.difference.verdict import concluded
from alexandria_scan.config import Config, find_config, load_config
from alexandria_scan.policy.results import Result
from alexandria_scan.report.difference import FORMATS
from alexandria_scan.scan import Options, scan
from alexandria_scan.usage import UsageError


def run_diff(given: argparse.Namespace) -> int:
    old, new = _asked(given)
    with compared_sides(old, new) as sides:
        result = _difference(*sides, given)
    module = import_module(FORMATS[given.format])
    options = page_options(given.color, given.width) if given.format == "text" else {}
    print_report((module.render(result, **options),), given.format)
    return result.summary.exit_status


def _asked(given: argparse.Namespace) -> tuple[str, str]:
    paths: list[str] = given.paths
    if given.since is not None:
        if len(paths) > 1:
            raise UsageError("diff --since takes one path.", "alexandria-scan diff --since v1.2.0 ./modules")
        return f"git:{given.since}", paths[0] if paths else "."
    if len(paths) != 2:
        raise UsageError(
            f"diff takes two paths, not {len(paths)}.", "alexandria-scan diff OLD NEW; or diff --since TAG PATH"
        )
    return paths[0], paths[1]


def _difference(old: Compared, new: Compared, given: argparse.Namespace) -> Difference:
    trees = (ModuleTree(old.top), ModuleTree(new.top))
    for tree, compared in zip(trees, (old, new), strict=True):
        if not tree.modules:
            raise UsageError(
                f"{compared.side.label} holds no module.", "Give folders with .tf files; examples are left out."
            )
    paths = {path for tree in trees for path in tree.modules}
    versions = {
        path: versions_of(path, old, new, trees, (given.old_version, given.new_version)) for path in sorted(paths)
    }
    modules = compare(*trees, versions)
    config = _config(new.top)
    both = sorted(trees[0].modules.keys() & trees[1].modules.keys())
    judged = [path for path in both if _can_be_judged(path, trees, old, new)]
    weaker = weakened(trees[0], _results(trees[0], judged, config), trees[1], _results(trees[1], judged, config))
    problems = [*not_read(old, trees[0]), *not_read(new, trees[1])]
    return concluded(old.side, new.side, modules, weaker, problems)


def _can_be_judged(path: str, trees: tuple[ModuleTree, ModuleTree], old: Compared, new: Compared) -> bool:
    """Whether something may have changed in a module, and all of its files could be read."""
    lacking = any(
        not tree.contents(path)[0].keys().isdisjoint(side.lacking) for tree, side in zip(trees, (old, new), strict=True)
    )
    return not lacking and not is_unchanged(*trees, path)


def _config(folder: Path) -> Config:
    """The configuration of the new side judges both."""
    found = find_config(folder)
    return load_config(found) if found is not None else Config()


def _results(tree: ModuleTree, modules: list[str], config: Config) -> tuple[Result, ...]:
    """What the policies say of the modules; those of which no file changed need not be asked."""
    if not modules:
        return ()
    paths = tuple(str(tree.modules[path]) for path in modules)
    return scan(Options(paths=paths, config=config, posture=True)).results
