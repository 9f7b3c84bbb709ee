"""Whether a backup selection of the same root covers the table: by its ARN or, where both are known, by its tags."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, fail, unknown


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    if resource.referencing("aws_backup_selection", "resources"):
        return
    tags, undecided = resource.once(_selections)
    own = resource.get("tags", {}) if tags and resource.known("tags") else {}
    if not tags.isdisjoint(own.items()):
        return
    if undecided:
        yield unknown("whether a backup selection by tag or pattern covers the table", "name the table in resources")
        return
    yield fail("no aws_backup_selection names the table")


def _selections(resource: Resource) -> tuple[frozenset[tuple[str, str]], bool]:
    """The tags that are selected for certain, and whether anything is selected otherwise than by its ARN."""
    selections = resource.resources("aws_backup_selection")
    tags = (
        (tag.get("key"), tag.get("value"))
        for selection in selections
        for tag in selection.blocks("selection_tag")
        if tag.known("key") and tag.known("value")
    )
    return frozenset(tags), any(_undecided(selection) for selection in selections)


def _undecided(selection: Block) -> bool:
    if selection.blocks("selection_tag") or selection.blocks("condition") or not selection.known("resources"):
        return True
    return any("*" in arn for arn in selection.get("resources", []))
