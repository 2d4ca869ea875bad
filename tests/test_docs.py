"""What the README promises exists."""

import re
from pathlib import Path
from unittest import TestCase

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
DOCUMENTS = {path: path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]}


class ReadmeTest(TestCase):
    def test_every_command_exists(self):
        commands = {name for text in DOCUMENTS.values() for name in re.findall(r"manage\.py ([a-z]\w+)", text)}
        self.assertTrue(commands)
        self.assertEqual(commands - set(get_commands()), set())

    def test_every_command_of_ours_is_named(self):
        ours = {name for name, app in get_commands().items() if app == "stories"}
        self.assertEqual({name for name in ours if not any(name in text for text in DOCUMENTS.values())}, {"loaddemo"})

    def test_every_make_target_exists(self):
        targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        wanted = {name for text in DOCUMENTS.values() for name in re.findall(r"`?make ([a-z]+)", text)} - {"sure"}
        self.assertEqual(wanted - targets, set())

    def test_the_settings_of_the_readme_are_those_that_are_read(self):
        settings = (ROOT / "newsdesk" / "settings.py").read_text()
        read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', settings))
        self.assertEqual(read, set(re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE)))

    def test_compose_passes_every_setting_on(self):
        compose = (ROOT / "docker-compose.yml").read_text()
        for name in re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE):
            self.assertIn(f"      {name}:", compose)

    def test_every_file_that_is_linked_is_there(self):
        for path, text in DOCUMENTS.items():
            for link in re.findall(r"\]\((?!http)([^)#]+)", text):
                self.assertTrue((path.parent / link).exists(), link)

    def test_lock_files_name_no_host(self):
        for path in (ROOT / "requirements").glob("*.txt"):
            self.assertNotRegex(path.read_text(), r"https?://", path.name)
