"""A reader without a mouse, in a real Chromium."""

from tests.cast import story
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM
FOCUSED = """() => {
  const focused = document.activeElement, before = window.before;
  window.before = focused;
  return {
    name: focused.textContent.trim() || focused.id,
    isSeen: getComputedStyle(focused).outlineStyle !== "none",
    isLater: !before || Boolean(before.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING),
  };
}"""


def walk(page, until):
    """Press Tab until an element of this name has the focus. Return all elements on the way."""
    places = []
    while not places or places[-1]["name"] != until:
        assert len(places) < 120, [place["name"] for place in places]
        page.keyboard.press("Tab")
        places.append(page.evaluate(FOCUSED))
    return places


def test_tab_reaches_everything_in_reading_order_with_a_visible_focus(visitor):
    for number in range(12):
        story(f"Story {number}", tags=["Coast"])
    visitor.page.goto("/")
    places = walk(visitor.page, until="Next")
    names = [place["name"] for place in places]
    wanted = ["Skip to the stories", "Newsdesk", "◐", "Latest", "Europe", "Tags", "masthead-search", "Search"]
    assert names[: len(wanted)] == wanted
    assert "Filter" in names and "Story 11" in names and "Coast" in names
    assert all(place["isSeen"] and place["isLater"] for place in places), places
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/?page=2")
    visitor.assert_nothing_broke()
