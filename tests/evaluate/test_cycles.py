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


def test_a_resource_that_names_itself_elsewhere_too_is_one(tmp_path: Path) -> None:
    text = 'resource "terraform_data" "a" {\n  depends_on = [terraform_data.a]\n  input = terraform_data.a.id\n}\n'
    assert {problem.severity for problem in problems({"main.tf": text}, tmp_path)} == {"error"}


def test_a_module_that_depends_on_one_which_needs_its_output(tmp_path: Path) -> None:
    text = 'module "n" {\n  source = "./n"\n  depends_on = [module.n2]\n}\n\n'
    text += 'module "n2" {\n  source = "./n2"\n  x = module.n.two\n}\n'
    files = {"main.tf": text, "n/main.tf": 'output "two" {\n  value = 2\n}\n', "n2/main.tf": 'variable "x" {\n}\n'}
    (problem,) = problems(files, tmp_path)
    assert (Path(problem.file).name, problem.line, problem.summary) == ("main.tf", 1, "Cycle")
    assert "module.n, module.n.output.two, module.n2.var.x" in problem.detail
