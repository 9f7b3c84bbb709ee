"""Circles of references that no value shows."""

from __future__ import annotations

from pathlib import Path

from tests.evaluate.test_rejected import problems

_DATA = 'data "terraform_remote_state" "{}" {{\n  backend = "local"\n  config = {{ path = {} }}\n}}\n'


def test_data_sources_that_need_each_other_are_named(tmp_path: Path) -> None:
    text = _DATA.format("a", "data.terraform_remote_state.b.outputs.x")
    text += _DATA.format("b", "data.terraform_remote_state.a.outputs.x")
    (problem,) = problems({"main.tf": text}, tmp_path)
    assert (problem.line, problem.summary, problem.severity) == (1, "Cycle", "error")
    assert "data.terraform_remote_state.a, data.terraform_remote_state.b" in problem.detail


def test_a_long_chain_of_data_sources_is_none(tmp_path: Path) -> None:
    chain = [_DATA.format(f"d{n}", f"data.terraform_remote_state.d{n + 1}.outputs.x") for n in range(300)]
    assert problems({"main.tf": "".join([*chain, _DATA.format("d300", '"x"')])}, tmp_path) == []


def test_modules_that_use_different_outputs_of_each_other_are_none(tmp_path: Path) -> None:
    call = 'module "{}" {{\n  source = "./m"\n  x = {}\n}}\n'
    module = 'variable "x" {\n}\n\noutput "y" {\n  value = var.x\n}\n\noutput "z" {\n  value = 1\n}\n'
    text = call.format("a", "module.b.z") + call.format("b", "module.a.y")
    assert problems({"main.tf": text, "m/main.tf": module}, tmp_path) == []


def test_a_resource_may_name_itself_in_depends_on_and_provisioners(tmp_path: Path) -> None:
    text = 'resource "terraform_data" "a" {\n  depends_on = [terraform_data.a]\n\n'
    text += '  provisioner "local-exec" {\n    command = "echo ${terraform_data.a.id}"\n  }\n}\n'
    assert problems({"main.tf": text}, tmp_path) == []
