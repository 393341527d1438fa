"""Links between the pages lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
ANCHOR = re.compile(r"\]\((?!https?:)([^)#]*)#([^)]*)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_pages_links_lead_to_files(page):
    links = LINK.findall(page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links."""
    headings = (re.sub(r"[`*]", "", heading).lower() for heading in HEADING.findall(page.read_text()))
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_pages_links_lead_to_headings(page):
    found = [(link, anchor) for link, anchor in ANCHOR.findall(page.read_text()) if link.endswith(".md") or not link]
    targets = [(page.parent / link if link else page, anchor) for link, anchor in found]
    assert [anchor for target, anchor in targets if anchor not in anchors(target)] == []


def test_every_design_note_is_in_the_index():
    design = ROOT / "docs" / "design"
    listed = set(LINK.findall((design / "README.md").read_text()))
    assert {page.name for page in design.glob("*.md")} - {"README.md"} <= listed


def test_the_architecture_names_files_that_exist():
    named = re.findall(
        r"`((?:cli|collect|plan|run|report|model)/\w+\.py|\w+\.py)`", (ROOT / "ARCHITECTURE.md").read_text()
    )
    assert [name for name in named if not (ROOT / "src" / "rustest" / name).exists()] == []
    assert len(named) > 15
