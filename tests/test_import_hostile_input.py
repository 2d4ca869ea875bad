"""Import time is proportional to the size of a file, also for hostile content."""

import signal
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase

from stories.importers.closing_links import remove_dangling_see
from stories.importers.decoding import decode
from stories.importers.fallback_dates import FallbackDates
from stories.importers.formats import FORMATS
from stories.importers.formats.base import TextFormat
from stories.importers.headline_guess import guess_headline
from stories.importers.html_limits import check_page
from stories.importers.item import Item, Link, Rejected
from stories.importers.k2 import parse_date, tag_from_title
from stories.importers.validation import validate
from tests.k2_pages import ImportCase, html_item, html_page, totals

SIZE = 100_000
MAX_CPU_SECONDS = 5
# Each is repeated, so that a pattern meets a long run of its separators.
SEEDS = [" ", "\n", "a", "1", "é", ". ", ", ", "and ", "See ", "More:", "Page 1 of ", "Published in ", "12 June "]
SEEDS += ["<a", "<a ", "<a\n\n", "< ", "<meta ", "<meta charset=", "<?xml encoding", "/item/", "?id=1", "https://a."]
# Each comes before a run, so that a pattern gets as far as the run.
STARTS = ["", "Displaying items by tag: ", "Page ", "20 ", "It is back. ", "https://", "<meta charset=", "<p"]


@contextmanager
def cpu_limit():
    """Fail once the block has taken too long, also inside a regular expression. Other processes don't count."""

    def fail(*_):
        raise AssertionError(f"took more than {MAX_CPU_SECONDS} s")

    before = signal.signal(signal.SIGVTALRM, fail)
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def link_item(text):
    link = Link(f"https://{text}", text)
    return Item(place="", headline=text[:80], body="<p>a</p>", region="Asia", tags=(), sources=(link,), status="draft")


READERS = [
    lambda text: decode(text.encode()),
    remove_dangling_see,
    guess_headline,
    check_page,
    parse_date,
    tag_from_title,
    lambda text: validate(link_item(text), origin="k2", default_status="draft"),
    lambda text: [format_.recognises(text) for format_ in FORMATS],
    lambda text: read_as_each_format(text),
    lambda text: read_as_each_format(html_page(html_item(text))),
]


def read_as_each_format(text):
    dates = FallbackDates(date(2024, 6, 20), is_required=True)
    for format_ in FORMATS:
        if isinstance(format_, TextFormat):
            try:
                list(format_.read_text(text, dates))
            except Rejected:
                continue


class LinearTimeTest(SimpleTestCase):
    def test_a_long_run_of_separators_is_read_in_linear_time(self):
        for seed in SEEDS:
            for start in STARTS:
                text = start + seed * (SIZE // len(seed)) + "\0"
                with self.subTest(start=start, seed=seed), cpu_limit():
                    self.read(text)

    def read(self, text):
        for read in READERS:
            try:
                read(text)
            except (Rejected, ValidationError):
                continue

    def test_the_declared_charset_is_found_in_linear_time(self):
        content = b"<meta " * 200 + b"charset=" + b" " * 3_000
        with cpu_limit():
            decode(content)

    def test_a_long_host_is_a_lost_source_at_once(self):
        with cpu_limit():
            valid = validate(link_item("é" * 1_000_000), origin="k2", default_status="draft")
        self.assertEqual((valid.sources, valid.lost_sources), ((), 1))


class SpacedAttributesTest(ImportCase):
    def test_attributes_on_indented_lines_are_imported_at_once(self):
        logo = f'<img{" " * 12}\n{" " * 12}class="logo"{" " * 100}\n{" " * 12}src="/logo.png">'
        page = html_page(html_item(), html_item("<p>Two.</p>", href="/item/2")).replace("<h1>", f"{logo}<h1>")
        with cpu_limit():
            self.assertEqual(self.import_content(page), totals(created=2))
