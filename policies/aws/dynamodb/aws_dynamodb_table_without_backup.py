"""Whether a backup selection of the same root covers the table: by its ARN or, where both are known, by its tags."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, fail, unknown


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    if resource.referencing("aws_backup_selection", "resources"):
        return
    selections = resource.resources("aws_backup_selection")
    if any(_tagged(resource, selection) for selection in selections):
        return
    if any(_undecided(selection) for selection in selections):
        yield unknown("whether a backup selection by tag or pattern covers the table", "name the table in resources")
        return
    yield fail("no aws_backup_selection names the table")


def _tagged(table: Resource, selection: Block) -> bool:
    """Whether one of the selection's tags is for certain one of the table's own."""
    tags = table.get("tags", {}) if table.known("tags") else {}
    return any(
        tag.known("key") and tag.known("value") and tags.get(tag.get("key"), "") == tag.get("value")
        for tag in selection.blocks("selection_tag")
    )


def _undecided(selection: Block) -> bool:
    if selection.blocks("selection_tag") or selection.blocks("condition") or not selection.known("resources"):
        return True
    return any("*" in arn for arn in selection.get("resources", []))
