"""policies/README.md is generated, and says what the manifests and fixtures say."""

from __future__ import annotations

from pathlib import Path

from alexandria_scan.commands.catalogue import built_in_catalogue, render_catalogue
from alexandria_scan.policy.load import load_policies

ROOT = Path(__file__).parents[2]
REFRESH = "stale; refresh it with: python -m alexandria_scan.commands.catalogue"


def test_the_catalogue_is_what_the_manifests_say() -> None:
    rendered = built_in_catalogue(ROOT / "policies", ROOT / "fixtures" / "policies")
    if (ROOT / "policies" / "README.md").read_text(encoding="utf-8") != rendered:
        raise AssertionError(f"policies/README.md is {REFRESH}")


def test_links_of_the_catalogue_lead_somewhere() -> None:
    text = built_in_catalogue(ROOT / "policies", ROOT / "fixtures" / "policies")
    for policy in load_policies(ROOT / "policies", "policies", check=False):
        link = policy.file.partition("/")[2]
        assert f"]({link})" in text
        assert (ROOT / "policies" / link).is_file()


def test_an_entry_tells_parameters_controls_and_equivalents(tmp_path: Path) -> None:
    (tmp_path / "aws").mkdir()
    (tmp_path / "aws" / "queue_plain.yaml").write_text(
        "title: Queue is plain\nseverity: low\nresource: aws_sqs_queue\n"
        "parameters: {days: {default: 7, production: 30, description: Days}}\n"
        "enforce: [{condition: 'true', error_message: never}]\nequivalents: {checkov: [CKV_1]}\n"
    )
    text = render_catalogue(load_policies(tmp_path, "policies"), [], tmp_path)
    assert "Queue is plain. Severity low; judges resource `aws_sqs_queue`." in text
    assert "- parameter `days` = `7`, production `30`: Days" in text
    assert "- asked by others: Checkov CKV_1" in text
    assert "[why, and how to fix it](aws/queue_plain.yaml)" in text
