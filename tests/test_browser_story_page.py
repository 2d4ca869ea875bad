"""Metadata and icons in a real Chromium, under the site's Content-Security-Policy."""

import json

from tests.cast import story
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM


def test_the_data_block_is_read_and_breaks_nothing(visitor):
    headline = "</script><script>document.title = 'hacked'</script>"
    one = story(headline, tags=["<!--<script>"])
    visitor.page.goto(one.get_absolute_url())  # its theme, and the data
    data = json.loads(visitor.page.text_content("script[type='application/ld+json']"))
    assert data["@graph"][0]["headline"] == headline
    assert "hacked" not in visitor.page.title().partition("document")[0]
    assert visitor.page.locator("script").count() == 2
    visitor.assert_nothing_broke()


def test_the_icons_have_the_size_that_the_manifest_says(visitor):
    visitor.page.goto("/")
    manifest = visitor.page.request.get(visitor.page.get_attribute("link[rel=manifest]", "href")).json()
    icons = {icon["src"]: icon["sizes"] for icon in manifest["icons"]}
    icons[visitor.page.get_attribute("link[rel=apple-touch-icon]", "href")] = "180x180"
    for address, size in icons.items():
        found = visitor.page.evaluate(
            "async (address) => { const icon = new Image(); icon.src = address; await icon.decode();"
            " return `${icon.naturalWidth}x${icon.naturalHeight}`; }",
            address,
        )
        assert found == size
    visitor.assert_nothing_broke()
