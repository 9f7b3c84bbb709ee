"""A control may be about some of the resources only that a policy judges."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.compliance.standards import Standard, load_standards, runs_for
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import Policy, PolicyError

POLICY = """
title: Queue or topic is plain
severity: low
resource: [aws_sqs_queue, aws_sns_topic]
enforce: [{condition: attrs.kms_master_key_id != null, error_message: plain}]
"""
STANDARD = """
name: own
title: Our own
version: "1"
sections:
  - id: ENC
    title: Encryption
    controls:
      - {id: ENC-1, level: MUST, title: Queues are encrypted, policies: [PROOF]}
"""


def read(folder: Path, proof: str, more: str = "") -> tuple[list[Policy], list[Standard]]:
    (folder / "standards").mkdir()
    (folder / "messages_plain.yaml").write_text(POLICY)
    (folder / "standards" / "own.yaml").write_text(STANDARD.replace("PROOF", proof) + more)
    policies = load_policies(folder, "policies")
    return policies, load_standards([Content(folder)], policies)


NARROW = "{id: messages_plain, resource: aws_sqs_queue}"


def test_only_what_the_control_is_about_counts_for_it(tmp_path: Path) -> None:
    (run,) = runs_for(*read(tmp_path, NARROW), only_controls=False)
    assert run.controls_on("aws_sqs_queue") == ("own-1/ENC-1",)
    assert run.controls_on("aws_sns_topic") == ()
    assert run.judges("aws_sns_topic")


def test_nothing_else_is_judged_where_the_standard_was_asked_for(tmp_path: Path) -> None:
    (run,) = runs_for(*read(tmp_path, NARROW), only_controls=True)
    assert run.judges("aws_sqs_queue")
    assert not run.judges("aws_sns_topic")


def test_a_control_about_everything_keeps_the_policy_everywhere(tmp_path: Path) -> None:
    more = "      - {id: ENC-2, level: MUST, title: Messages are encrypted, policies: [messages_plain]}\n"
    (run,) = runs_for(*read(tmp_path, NARROW, more), only_controls=True)
    assert run.controls_on("aws_sns_topic") == ("own-1/ENC-2",)
    assert run.controls_on("aws_sqs_queue") == ("own-1/ENC-1", "own-1/ENC-2")


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        ("{id: messages_plain, resource: aws_s3_bucket}", "does not judge 'aws_s3_bucket'"),
        ("{id: messages_plain, resources: aws_sqs_queue}", "did you mean 'resource'"),
        ("3", "the id of a policy is expected here"),
    ],
)
def test_a_wrong_proof_is_said(tmp_path: Path, proof: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        read(tmp_path, proof)
