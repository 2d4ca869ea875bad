"""K2 pages and JSON lines with made-up stories, and a test case that imports them from a folder."""

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.test import TestCase

FERRY = "The ferry is back at Saltmere. It sails twice a day."
LIGHTHOUSE = "Who lit the lighthouse? Nobody in Northbay will say."


def html_item(
    body=f"<p>{FERRY}</p>",
    *,
    headline="Ferry returns",
    date="Thursday, 20 June 2024 14:05",
    region="Europe",
    tags=(),
    href="/news/item/17-ferry-returns",
):
    listed = "".join(f'<li><a href="/tag/x">{tag}</a></li>' for tag in tags)
    return f"""
    <div class="tagItemView">
      <div class="tagItemHeader">
        <span class="tagItemDateCreated">{date}</span>
        <h2 class="tagItemTitle"><a href="{href}">{headline}</a></h2>
      </div>
      <div class="tagItemBody"><div class="tagItemIntroText">{body}</div><div class="clr"></div></div>
      <div class="tagItemCategory"><span>Published in</span> <a href="/europe">{region}</a></div>
      <ul class="tagItemTags">{listed}</ul>
    </div>"""


def html_page(*items, tag="Ferries", number=1, charset="utf-8"):
    return f"""<!DOCTYPE html><html><head><meta charset="{charset}"><title>Ferries</title></head>
    <body><div id="k2Container" class="tagView"><h1> Displaying items by tag: {tag} </h1>
    <div class="tagItemList">{"".join(items)}</div>
    <div class="k2Pagination"><ul><li>1</li></ul>Page {number} of 26</div></div></body></html>"""


def text_item(body=FERRY, region="Europe"):
    return f"{body}\n\nPublished in {region}\n"


def text_page(*items, tag="Ferries", foot="Page 1 of 26"):
    return f"Displaying items by tag: {tag}\n\n" + "\n".join(items) + foot


def record(**fields):
    return {
        "slug": "ferry-returns",
        "headline": "Ferry returns",
        "body": f"<p>{FERRY}</p>",
        "region": "Europe",
        "tags": ["Ferries"],
        "status": "published",
        "published_at": "2024-06-20T14:05:00+01:00",
    } | fields


def json_lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


class ImportCase(TestCase):
    """Test case with a temporary folder for the files to import."""

    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def file(self, content, name="page.html"):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_import(self, *paths, **options):
        """Run importstories on the paths, or the whole folder. Return (exit code, output)."""
        out, code = io.StringIO(), 0
        flags = [
            f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}") for name, value in options.items()
        ]
        try:
            call_command("importstories", *map(str, paths or [self.folder]), *flags, stdout=out)
        except SystemExit as stopped:
            code = stopped.code
        return code, out.getvalue().strip()

    def import_content(self, content, name="page.html", **options):
        """Import a file with this content. Return the output."""
        return self.run_import(self.file(content, name), **options)[1]

    def assert_rejected(self, content, reason, name="page.html", **options):
        """Assert that the import of this file has one failure, with this reason."""
        code, printed = self.run_import(self.file(content, name), **options)
        self.assertEqual(code, 1)
        self.assertIn(reason, printed)
        self.assertEqual(len(printed.splitlines()), 2, printed)


def totals(created=0, updated=0, unchanged=0, failed=0, lost=0):
    """Return the last line of a report."""
    return f"{created} created, {updated} updated, {unchanged} unchanged, {failed} failed, {lost} lost sources"
