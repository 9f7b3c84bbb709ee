"""A git history for a copy of a library: a tag for each version in each CHANGELOG, on the day that it says."""

from __future__ import annotations

import subprocess
from pathlib import Path

from alexandria_scan.graph.changelog import releases
from tests.conftest import environment


def git(folder: Path, *arguments: str, day: str = "2026-01-01") -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    date = f"{day}T12:00:00Z"
    settings = {name: value for name, value in environment().items() if not name.startswith("GIT_")}
    settings |= {"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
    subprocess.run(["git", *who, *arguments], cwd=folder, env=settings, check=True, capture_output=True)


def released(library: Path) -> Path:
    """The folder, as a repository of which every version was as it is now."""
    found = sorted(
        (release.date or "", changelog.parent, release.version)
        for changelog in library.rglob("CHANGELOG.md")
        for release in releases(changelog.read_text("utf-8"))
    )
    git(library, "init", "-q")
    git(library, "add", ".")
    git(library, "commit", "-q", "-m", "All of it", day=found[0][0])
    for day, module, version in found:
        git(library, "commit", "-q", "--allow-empty", "-m", version, day=day)
        git(library, "tag", f"v{version}" if module == library else f"{module.name}/v{version}")
    return library
