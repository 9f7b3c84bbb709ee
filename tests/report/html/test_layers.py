"""The picture of a module: what refers stands left of what it refers to, and no two boxes overlap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alexandria_scan.compliance.result import ScannedModule
from alexandria_scan.report.html.layers import layered
from alexandria_scan.report.html.picture import HEIGHT, WIDTH, call_picture, module_picture

NAMES = st.sampled_from([f"n{number}" for number in range(9)])
EDGES = st.lists(st.tuples(NAMES, NAMES).filter(lambda edge: edge[0] != edge[1]), unique=True)


@given(EDGES)
def test_every_name_has_one_place_whatever_refers_to_what(edges: list[tuple[str, str]]) -> None:
    layers = layered(sorted(edges))
    placed = [name for layer in layers for name in layer]
    assert sorted(placed) == sorted({name for edge in edges for name in edge})
    assert all(layers)


@given(EDGES)
def test_without_a_circle_every_edge_leads_right(edges: list[tuple[str, str]]) -> None:
    forward = sorted({(min(edge), max(edge)) for edge in edges})
    layers = layered(forward)
    number = {name: index for index, layer in enumerate(layers) for name in layer}
    assert all(number[left] < number[right] for left, right in forward)


def test_a_key_that_two_resources_use() -> None:
    edges = (("aws_rds_cluster.a", "aws_kms_key.k"), ("aws_sns_topic.b", "aws_kms_key.k"))
    blocks = ("aws_eip.alone", "aws_kms_key.k", "aws_rds_cluster.a", "aws_sns_topic.b")
    picture = module_picture(ScannedModule("m", "library", 1, 4, (), blocks, edges), {"aws_kms_key.k": "high"})
    assert picture is not None
    boxes = {box.name: box for box in picture.boxes}
    assert boxes["aws_kms_key.k"].x > boxes["aws_rds_cluster.a"].x == boxes["aws_sns_topic.b"].x
    assert (boxes["aws_kms_key.k"].state, boxes["aws_rds_cluster.a"].state) == ("high", "")
    assert abs(boxes["aws_rds_cluster.a"].y - boxes["aws_sns_topic.b"].y) >= HEIGHT
    assert picture.alone == (("aws_eip.alone", ""),)
    assert len(picture.curves) == 2
    assert picture.width >= boxes["aws_kms_key.k"].x + WIDTH


def test_calls_between_modules() -> None:
    modules = (ScannedModule("root", "root", 1, 1, ("m", "root")), ScannedModule("m", "library", 1, 1))
    picture = call_picture(modules)
    assert picture is not None
    assert [box.name for box in sorted(picture.boxes, key=lambda box: box.x)] == ["root", "m"]
    assert call_picture(modules[1:]) is None
    assert module_picture(modules[0], {}) is None
