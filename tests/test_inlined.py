"""Inlined style sheet and script, and the Content Security Policy that allows them."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import TestCase
from selectolax.lexbor import LexborHTMLParser

from newsdesk.inlined import read_minified


class InlinedTest(TestCase):
    def test_only_comments_and_indents_are_removed(self):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "a.css"
            path.write_text('/* a\nreason */\na {\n  color: red;\n}\n  // why\nb { content: "//"; }\n')
            self.assertEqual(read_minified(path), 'a {\ncolor: red;\n}\nb { content: "//"; }')

    def test_the_policy_allows_the_style_and_script_of_a_page_by_their_hashes(self):
        answer = self.client.get("/")
        page = LexborHTMLParser(answer.content.decode())
        for tag, directive in (("style", "style-src"), ("script", "script-src")):
            text = page.css_first(tag).text()
            wanted = b64encode(sha256(text.encode()).digest()).decode()
            [rule] = [rule for rule in answer["Content-Security-Policy"].split("; ") if rule.startswith(directive)]
            self.assertIn(f"'sha256-{wanted}'", rule)
            self.assertNotIn("unsafe-inline", rule)

    def test_a_page_loads_no_style_sheet_and_no_script(self):
        page = LexborHTMLParser(self.client.get("/").content.decode())
        self.assertEqual(page.css("link[rel=stylesheet], script[src]"), [])
