"""What a README lists, and its examples, in the forms that people write."""

from pathlib import Path

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import classify, outlines
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph.from_source import build
from alexandria_scan.graph.module_folder import folder_nodes
from alexandria_scan.graph.readme import Documented, filled_headings, listed, readme_of, title, words
from alexandria_scan.source.folders import SourceTree

CODE = 'variable "size" {\n  type    = number\n  default = 3\n}\n\noutput "id" {\n  value = 1\n}\n'


@pytest.fixture
def module(tmp_path: Path) -> Path:
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "main.tf").write_text(CODE)
    return folder


def entries(module: Path, readme: bytes, kind: str = "input") -> tuple[Documented, ...] | None:
    (module / "README.md").write_bytes(readme)
    found = readme_of(Evaluation(SourceTree(module)), module)
    assert found is not None
    section = listed(found, kind, {"size"})
    return None if section is None else section.entries


@pytest.mark.parametrize(
    ("readme", "entry"),
    [
        (
            b"## Inputs\n\n| Name | Default | Required |\n|-|-|-|\n| size | `3` | no |\n",
            Documented("size", 5, "3", False),
        ),
        (b"# Input Variables\n|Variable|Type|\n|-|-|\n|`size`|number|\n", Documented("size", 4)),
        (b"## Required inputs\n\n### size\n\nDefault: none\n", Documented("size", 3, "none", True)),
        (b'## Optional Inputs\n### <a name="input_size"></a> x\n\nDefault: `3`\n', Documented("size", 2, "3", False)),
        (b"## Inputs\n### size\n\nDefault:\n\n```json\n3\n```\n", Documented("size", 2, "3")),
        (b"## :gear: Variables\n\n* `size` - how many\n", Documented("size", 3)),
        (b"## Inputs\n\n- [size](#input\\_size): how many\n", Documented("size", 3)),
        (b"Module inputs\n---\n### General\n|Name|\n|-|\n|size|\n", Documented("size", 6)),
    ],
)
def test_an_input_is_found_in_each_form(module: Path, readme: bytes, entry: Documented) -> None:
    assert entries(module, readme) == (entry,)


@pytest.mark.parametrize(
    "readme",
    [
        b"",
        b"# Inputs\n",
        b"## Providers\n\n| Name | Version |\n|-|-|\n| size | 3 |\n",
        b"## Inputs\n\n| Length | Default |\n|-|-|\n| size | 3 |\n",
        b"```\n## Inputs\n\n| Name |\n|-|\n| size |\n```\n",
        b"\xff\xfe\n",
    ],
)
def test_a_readme_that_lists_no_inputs(module: Path, readme: bytes) -> None:
    assert entries(module, readme) is None


def test_outputs_are_not_inputs(module: Path) -> None:
    readme = b"## Inputs\n|Name|\n|-|\n|size|\n## Outputs\n|Name|\n|-|\n|id|\n"
    assert entries(module, readme) == (Documented("size", 4),)
    assert entries(module, readme, "output") == (Documented("id", 8),)


def test_a_list_below_a_heading_tells_about_that_input(module: Path) -> None:
    readme = b"## Inputs\n\n### size\n\n- `large` - not an input\n"
    assert entries(module, readme) == (Documented("size", 3),)


def examples(module: Path, code: str) -> list[Value]:
    (module / "README.md").write_text(f"# Orders\n\n```hcl\n{code}\n```\n")
    evaluation = Evaluation(SourceTree(module.parent))
    root = evaluation.root(module)
    assert root is not None
    folder = classify(evaluation.source, outlines(evaluation, [module]), module)[0].opened(root.config)
    node = next(node for node in folder_nodes(evaluation, folder) if node.kind == "module")
    readme = node.attribute("readme")
    assert isinstance(readme, dict)
    return list(readme["examples"])


@pytest.mark.parametrize(
    "source",
    [
        "../..",
        "./modules/orders",
        "../orders/",
        "acme/orders/aws",
        "app.terraform.io/acme/orders/aws",
        "git::https://example.com/orders.git?ref=v1",
        "git::https://example.com/infrastructure.git//modules/orders?ref=v1",
        "github.com/acme/orders",
    ],
)
def test_a_call_of_the_module_is_known_by_its_source(module: Path, source: str) -> None:
    found = examples(module, f'module "x" {{\n  source = "{source}"\n  size = 1\n  gone = 2\n}}')
    assert [(example["line"], example["unknown"]) for example in found] == [(7, ("gone",))]


@pytest.mark.parametrize("source", ["acme/vpc/aws", "../vpc", "git::https://example.com/x.git//orders-api", "var.x"])
def test_calls_of_other_modules_are_left_alone(module: Path, source: str) -> None:
    assert examples(module, f'module "x" {{\n  source = "{source}"\n  gone = 2\n}}') == []


def test_a_readme_is_read_only_when_something_of_it_is_asked_for(module: Path) -> None:
    (module / "README.md").write_text("# Orders\n")
    evaluation = Evaluation(SourceTree(module.parent))
    root = evaluation.root(module)
    assert root is not None
    folder = classify(evaluation.source, outlines(evaluation, [module]), module)[0].opened(root.config)
    graph = build(root, folder.kind, None)
    nodes = list(folder_nodes(evaluation, folder))
    assert not any(path.name == "README.md" for path in evaluation.source.read_files)
    assert graph.nodes and nodes[0].attribute("readme") is not None
    assert any(path.name == "README.md" for path in evaluation.source.read_files)


def test_a_folder_named_readme_is_none(module: Path) -> None:
    (module / "README.md").mkdir()
    assert readme_of(Evaluation(SourceTree(module)), module) is None


@pytest.mark.parametrize(
    ("below", "filled"),
    [
        (b"Text.", ["usage", "license"]),
        (b"<!-- to do -->", ["license"]),
        (b"<!-- to\r\n\r\ndo -->", ["license"]),
        (b"- <!-- to do -->", ["license"]),
        (b"Text <!-- of\nus --> all", ["usage", "license"]),
        (b"```markdown\n<!-- header\n```", ["usage", "license"]),
        (b"    <!-- header", ["usage", "license"]),
        (b"Write `<!--` above it.", ["usage", "license"]),
        (b"```markdown\n<!-- header -->\n```", ["usage", "license"]),
        (b"<!-- never closed", []),
    ],
)
def test_a_comment_fills_no_section_and_code_does(module: Path, below: bytes, filled: list[str]) -> None:
    (module / "README.md").write_bytes(b"## Usage\n\n" + below + b"\n\n## License\n\nMIT.\n")
    readme = readme_of(Evaluation(SourceTree(module)), module)
    assert readme is not None
    assert [words(heading.text) for heading in filled_headings(readme)] == filled


@pytest.mark.parametrize(
    ("heading", "called"),
    [
        ("Inputs", "inputs"),
        ("Required Inputs", "required inputs"),
        ("Input Variables", "input variables (inputs)"),
        ("Arguments", "arguments (inputs)"),
        ("Module output", "module output (outputs)"),
        ("Example", "example (examples)"),
        ("Example Usage", "example usage (examples)"),
        ("Input validation", "input validation"),
        ("Example of a failure", "example of a failure"),
    ],
)
def test_a_heading_goes_by_the_usual_name_of_its_section_as_well(module: Path, heading: str, called: str) -> None:
    (module / "README.md").write_text(f"## {heading}\n")
    readme = readme_of(Evaluation(SourceTree(module)), module)
    assert readme is not None
    assert [title(one) for one in readme.headings] == [called]
