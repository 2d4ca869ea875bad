"""Control characters are removed from input and imports: a line of text, HTML and XML can't hold them."""

import pytest
from django.core.exceptions import ValidationError

from stories.admin.widgets.sources import SourcesField
from stories.models import Story, Tag
from stories.text.html import sanitise

pytestmark = pytest.mark.django_db


def test_control_characters_are_removed_from_input():
    one = Story(headline="Ferry\x01returns", byline="Rosa\x7f", slug="")
    one.clean()
    tag = Tag(name="Coast", description="Land\x0c\nand\x85sea")
    tag.clean()
    rows = SourcesField().clean([["https://example.org/", "Harbour\x1bOffice"]])
    assert (one.headline, one.byline) == ("Ferry returns", "Rosa")
    assert tag.description.split() == ["Land", "and", "sea"]
    assert rows == [["https://example.org/", "Harbour Office"]]
    assert (
        sanitise("<p>A&#1;n &#129;\ud800&amp;#1; <a href='java&#2;script:alert()'>o</a></p>")
        == "<p>An &amp;#1; <a>o</a></p>"
    )
    assert sanitise("<p>1990\x961995: \x93the\x1b ferry\x81\x94</p>") == "<p>1990–1995: “the ferry”</p>"
    with pytest.raises(ValidationError):
        Story(headline="\x01").clean()
