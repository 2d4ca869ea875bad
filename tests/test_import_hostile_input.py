"""Import time is proportional to the size of a file, also for hostile content."""

import signal
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase

from stories.importers.files import decode
from stories.importers.validation import _address
from tests.k2_pages import ImportCase, html_item, html_page, totals

MAX_CPU_SECONDS = 5


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


class LinearTimeTest(SimpleTestCase):
    def test_the_declared_charset_is_found_in_linear_time(self):
        with cpu_limit():
            decode(b"<meta " * 200 + b"charset=" + b" " * 3_000)

    def test_a_long_host_is_rejected_at_once(self):
        with cpu_limit(), self.assertRaises((ValidationError, ValueError)):
            _address(f"https://{'é' * 1_000_000}")


class SpacedAttributesTest(ImportCase):
    def test_attributes_on_indented_lines_are_imported_at_once(self):
        logo = f'<img{" " * 12}\n{" " * 12}class="logo"{" " * 100}\n{" " * 12}src="/logo.png">'
        page = html_page(html_item(), html_item("<p>Two.</p>", href="/item/2")).replace("<h1>", f"{logo}<h1>")
        with cpu_limit():
            self.assertEqual(self.bring(page), totals(created=2))
