"""The dashboard in Chromium: accessible, and no wider than the screen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stories.models import Autosave, Revision
from tests.cast import draft, ed, rosa, story
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM


def full_day(writer, editor):
    """Fill every part of the page, also with headlines that are shorter than the text next to them."""
    draft("Fog", created_by=writer)
    draft("Gale", created_by=writer).submit(by=writer)
    Revision.objects.filter(move="submit").update(at=timezone.now() - timedelta(days=3))
    story("Ice", at=timezone.now() + timedelta(days=1))
    for number in range(8):
        one = draft(f"Lighthouse number {number} to be lit again", created_by=writer)
        if number > 2:
            one.submit(by=writer)
        if number > 5:
            one.send_back(by=editor, comment="Since when?")
        story(f"Ferry number {number} returns to Saltmere", at=timezone.now() + timedelta(hours=9 * number))
    for user in (writer, editor):
        Autosave.objects.create(token=f"{user.pk:032}", by=user, typed={"headline": "Fog", "body": ""})


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("place", [0, 1])
def test_the_dashboard_is_accessible_and_fits_the_screen(visitor, place, width):
    people = rosa(), ed()
    full_day(*people)
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 850})
    visitor.log_in(people[place])
    page.goto(reverse("admin:index"))
    page.wait_for_selector("text=Next seven days")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    visitor.assert_accessible_in_both_schemes()


def test_a_waiting_story_is_one_click_away(visitor):
    writer, editor = rosa(), ed()
    one = draft("Lighthouse", created_by=writer)
    one.submit(by=writer)
    visitor.log_in(editor)
    visitor.page.goto(reverse("admin:index"))
    visitor.page.click(".desk-waiting >> text=Lighthouse")
    visitor.page.wait_for_url(f"**{reverse('admin:stories_story_change', args=[one.pk])}")
    visitor.page.click("[value=publish]")
    visitor.page.wait_for_selector("text=was published")
    visitor.page.goto(reverse("admin:index"))
    visitor.page.wait_for_selector(".desk-today >> text=Lighthouse")
    visitor.assert_nothing_broke()


def test_writing_begins_with_one_click(visitor):
    visitor.log_in(rosa())
    visitor.page.goto(reverse("admin:index"))
    visitor.page.click("text=Write a story")
    visitor.page.wait_for_selector("#id_headline")
    visitor.assert_nothing_broke()
