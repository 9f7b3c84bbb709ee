from alexandria_scan.graph.model import Graph
def read_plan(name: str, data: bytes, environment: str | None) -> Graph:
    raise ValueError("plans are not read yet")
