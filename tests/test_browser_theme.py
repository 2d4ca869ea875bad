"""The choice between light and dark in a real Chromium, under the site's Content-Security-Policy."""

import pytest

from tests.cast import story
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM
PAPER = "() => getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(252, 251, 248)", "rgb(23, 24, 26)"


@pytest.fixture
def page(visitor):
    story()
    visitor.page.emulate_media(color_scheme="light")
    visitor.page.goto("/")
    yield visitor.page
    visitor.assert_nothing_broke()


def test_it_follows_the_system_until_asked(page):
    assert page.evaluate(PAPER) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(PAPER) == DARK


def test_the_choice_stays_from_page_to_page_without_a_cookie(page):
    page.get_by_role("button", name="Switch between light and dark").click()
    page.goto("/tags/")
    assert page.evaluate(PAPER) == DARK
    assert page.context.cookies() == []


def test_choosing_the_systems_scheme_follows_it_again(page):
    for _ in range(2):
        page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate(PAPER) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(PAPER) == DARK


def test_without_script_there_is_no_button(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    assert not page.locator(".theme").is_visible()
    context.close()
