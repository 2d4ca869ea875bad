"""The button that converts straight quotes to curly ones."""

import pytest
from django.urls import reverse

from tests.cast import draft, ed
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM
RULES = [
    ('He said "yes".', "He said “yes”."),
    ("He said 'yes'.", "He said ‘yes’."),
    ("\"'Yes,' she said,\" he said", "“‘Yes,’ she said,” he said"),
    ("'\"Yes,\" she said,' he said", "‘“Yes,” she said,’ he said"),
    ("\"He said 'yes'\"", "“He said ‘yes’”"),
    ("Don't. It's Rosa's; o'clock, O'Neill's", "Don’t. It’s Rosa’s; o’clock, O’Neill’s"),
    ("the fishermen's and the keepers' boats", "the fishermen’s and the keepers’ boats"),
    ("'the keepers' boats' sank", "‘the keepers’ boats’ sank"),
    ("'Tis late. 'Twas later. Rock 'n' roll, fish 'n chips", "’Tis late. ’Twas later. Rock ’n’ roll, fish ’n chips"),
    ("the '90s, in '68 and the 1990's", "the ’90s, in ’68 and the 1990’s"),
    ('"\'Tis late," she said', "“’Tis late,” she said"),
    ("'cause and effect' is a 'cause'", "‘cause and effect’ is a ‘cause’"),
    ("'Give 'em hell,' he said, 'cause he would", "‘Give ’em hell,’ he said, ’cause he would"),
    ("'Tisn't so", "’Tisn’t so"),
    ("'12 dead' was wrong", "‘12 dead’ was wrong"),
    ('5\' 6" tall, 5\'6", 3.5" wide, 51° 30\' 26" N', '5\' 6" tall, 5\'6", 3.5" wide, 51° 30\' 26" N'),
    ('"Route 66" and "1984"', "“Route 66” and “1984”"),
    ('"He is 6\' 2" tall," she said', "“He is 6' 2\" tall,” she said"),
    ('"The 12" record," he said', '“The 12" record,” he said'),
    ('(\'yes\') ["no"] -"so" —\'so\' and/or"x"', "(‘yes’) [“no”] -“so” —‘so’ and/or”x”"),
    ('"I thought—" he said', "“I thought—” he said"),
    ("'I thought–' he said", "‘I thought–’ he said"),
    ('"Begins here', "“Begins here"),
    ("“already” and ‘so’ it's", "“already” and ‘so’ it’s"),
    ("a ' alone and a \" too", "a ' alone and a \" too"),
    ("l'été, c'est \"l'été\"", "l’été, c’est “l’été”"),
    ("", ""),
    ('😀 "smile" \'', "😀 “smile” '"),
]


@pytest.fixture
def page(visitor):
    body = (
        '<p>"It\'s <strong>"lit"</strong>," <em>said</em>\' <a href="https://example.org/?q=\'a\'">the "keeper"</a></p>'
        "<ul><li><p>6' 2\"</p></li><li><p>'one<br>two'</p></li></ul>"
    )
    visitor.log_in(ed())
    visitor.page.goto(reverse("admin:stories_story_change", args=[draft("The 'ferry's' back", body=body).pk]))
    yield visitor.page
    visitor.assert_nothing_broke()


def test_every_rule_of_quotes(page):
    made = page.evaluate("texts => texts.map(curlyQuotes)", [text for text, _ in RULES])
    assert list(zip([text for text, _ in RULES], made, strict=True)) == RULES
    assert page.evaluate("texts => texts.map(curlyQuotes)", made) == made


def test_headline_and_body_change_only_when_the_button_is_pressed(page):
    before = page.input_value("[name=body]")
    page.locator(".ProseMirror").press("Control+End")
    page.keyboard.type(" 'x'")
    assert page.input_value("[name=body]").endswith("two' 'x'</p></li></ul>")
    page.keyboard.press("Control+z")
    page.click("text=Convert to curly quotes")
    assert page.input_value("#id_headline") == "The ‘ferry’s’ back"
    assert page.input_value("[name=body]") == (
        "<p>“It’s <strong>“lit”</strong>,” <em>said</em>’ "
        "<a href=\"https://example.org/?q='a'\">the “keeper”</a></p>"
        "<ul><li><p>6' 2\"</p></li><li><p>‘one<br>two’</p></li></ul>"
    )
    assert page.inner_text(".quotes [role=status]") == "13 quotes and apostrophes converted."
    page.click("text=Convert to curly quotes")
    assert page.inner_text(".quotes [role=status]") == "No straight quotes found."
    page.locator(".ProseMirror").press("Control+z")
    assert page.input_value("[name=body]") == before
    page.press("#id_headline", "Control+z")
    assert page.input_value("#id_headline") == "The 'ferry's' back"
