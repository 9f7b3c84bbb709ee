"""What an owner sees of a library: its scoreboard, its claims, and what each module lacks for the next level.

The libraries are those of fixtures/modules, each in a repository of its own with a tag for every release. After a
change that is meant: `UPDATE_SNAPSHOTS=1 pytest tests/report`, and read the difference.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import shutil
from pathlib import Path

import jsonschema
import msgspec
import pytest
from rich.cells import cell_len

from alexandria_scan.arguments import parser_for
from alexandria_scan.commands.promote import promote
from alexandria_scan.compliance.promotion import CriterionResult, ModulePromotion, Promotion
from alexandria_scan.report.promotion_json import render as render_json
from alexandria_scan.report.promotion_json import schema
from alexandria_scan.report.text import claims, scoreboard
from alexandria_scan.report.text.page import Page
from alexandria_scan.report.text.promotion import render
from alexandria_scan.scan import Options, scan
from alexandria_scan.syntax.tree import Location
from tests.conftest import ROOT
from tests.history import released

SNAPSHOTS = Path(__file__).parent / "snapshots"
SCHEMA = ROOT / "reports" / "schemas" / "promotion-1.schema.json"
DAY = datetime.date(2026, 6, 1)
LIBRARIES = ("module-marketplace", "module-marketplace-drifted")
POSTGRES = "data/databases/rds-postgres"


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("libraries")
    for name in LIBRARIES:
        released(Path(shutil.copytree(ROOT / "fixtures" / "modules" / name, folder / name)))
    return folder


@pytest.fixture(autouse=True)
def here(libraries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(libraries)


def asked(*arguments: str) -> argparse.Namespace:
    return parser_for("promote").parse_args(list(arguments))


def promoted(*arguments: str, to: str | None = None) -> Promotion:
    return promote(asked(*arguments), DAY, to)


def same(name: str, made: str) -> None:
    expected = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        expected.write_text(made, encoding="utf-8")
    assert made == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize("library", LIBRARIES)
def test_scoreboard_and_claims(library: str, width: int) -> None:
    result = scan(Options(paths=(library,)))
    page = Page(width, True)
    scoreboard.write(page, result, False)
    claims.write(page, result, True)
    same(f"{library}-{width}", page.text(False))


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize("library", LIBRARIES)
def test_promotion_of_a_library(library: str, width: int) -> None:
    same(f"{library}-promotion-{width}", render(promoted(library), width=width))


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize(
    ("name", "folder", "to"),
    [
        ("demoted", f"module-marketplace-drifted/{POSTGRES}", None),
        ("next", "module-marketplace/observability/logging/cloudwatch-logs-basic", None),
        ("earned", "module-marketplace/foundations/networking/vpc-basic", "mature"),
        ("deprecated", "module-marketplace/integration/messaging/sns-basic", None),
    ],
)
def test_promotion_of_a_module(name: str, folder: str, to: str | None, width: int) -> None:
    same(f"promotion-{name}-{width}", render(promoted(folder, to=to), width=width))


@pytest.mark.parametrize("width", [40, 80, 160])
def test_lines_keep_to_the_width(width: int) -> None:
    """All but places and names of folders, which an editor follows."""
    for promotion in (promoted("module-marketplace-drifted"), promoted(f"module-marketplace-drifted/{POSTGRES}")):
        for line in render(promotion, width=width, verbose=True).splitlines():
            assert cell_len(line) <= max(width, 62) or re.search(r":\d+$|^\S+ \S+  \S+$|^\S+  \S+$", line), line
            assert line == line.rstrip()


def test_every_level_is_in_the_library_and_earned() -> None:
    earned = {(one.claimed, one.earned) for one in promoted("module-marketplace").modules}
    levels = ("experimental", "alpha", "beta", "stable", "mature", "deprecated")
    assert earned == {(level, level) for level in levels}


def test_nothing_in_the_drifted_library_is_what_it_claims() -> None:
    """Less than experimental cannot be earned: there, something else that the metadata say is wrong."""
    for one in promoted("module-marketplace-drifted").modules:
        assert one.demoted or one.claimed in (None, "experimental")
    claimed = scan(Options(paths=("module-marketplace-drifted/integration/event-streaming",))).claims
    wrong = {claim.claim for claim in claimed if claim.verdict == "contradicted"}
    assert {"version", "variable_count", "example", "variables", "outputs"} <= wrong


def hostile() -> Promotion:
    text = "\x1b[31mred\x1b[0m [bold]x[/] \u202eback\nline \udcff"
    place = Location(text, 3, 1)
    criterion = CriterionResult("a", "alpha", text, False, "contradicted", text, place, text)
    module = ModulePromotion(text, text, text, text, "alpha", "beta", False, True, text, (criterion,))
    return Promotion("2026-01-01", False, None, (module, module), (text,), 1, text)


def test_scanned_text_cannot_reach_the_terminal() -> None:
    for promotion in (hostile(), msgspec.structs.replace(hostile(), modules=hostile().modules[:1])):
        text = render(promotion, width=80, verbose=True)
        assert not {char for char in text if not char.isprintable() and char != "\n"}
        assert "[bold]x[/]" in text
        assert render(promotion, width=80, unicode=False, verbose=True).isascii()
        json.loads(render_json(promotion))


def test_json_says_the_same_and_has_a_schema() -> None:
    promotion = promoted("module-marketplace-drifted")
    document = json.loads(render_json(promotion))
    assert document["schema_version"] == 1
    assert [one["module"] for one in document["modules"]] == [one.module for one in promotion.modules]
    jsonschema.validate(document, schema())
    assert list(document) == list(schema()["properties"])
    made = json.dumps(schema(), indent=2) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SCHEMA.write_text(made, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == made


def test_two_runs_say_the_same() -> None:
    assert render_json(promoted("module-marketplace")) == render_json(promoted("module-marketplace"))
