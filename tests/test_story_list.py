"""Filters of the story list: author and missing parts."""

from unittest.mock import patch

from django.contrib.contenttypes.models import ContentType
from django.test import TestCase

from stories.models import Story
from tests.cast import draft, ed, person, robin, rosa
from tests.test_story_admin import LIST


class ListTestCase(TestCase):
    def setUp(self):
        self.ed, self.rosa = ed(), rosa()
        self.client.force_login(self.rosa)

    def changelist(self, **query):
        return self.client.get(LIST, query).context["cl"]

    def shown(self, **query):
        return {one.headline for one in self.changelist(**query).result_list}

    def offered(self, title, **query):
        (found,) = (spec for spec in self.changelist(**query).filter_specs if str(spec.title).startswith(title))
        return [choice for _value, choice in found.lookup_choices]


class AuthorTest(ListTestCase):
    def test_own_stories_are_the_first_choice(self):
        draft("Hers", created_by=self.rosa)
        draft("His", created_by=self.ed)
        self.assertEqual(self.offered("author"), ["Mine", "ed"])
        self.assertEqual(self.shown(author=self.rosa.pk), {"Hers"})

    def test_frequent_recent_authors_come_first_up_to_a_limit(self):
        for number in range(1, 4):
            writer = person(f"writer {number}")
            for _ in range(number):
                draft(created_by=writer)
        with patch("stories.admin.story.list_filters.MAX_CHOICES", 2):
            self.assertEqual(self.offered("author"), ["Mine", "writer 3", "writer 2"])

    def test_the_selected_author_is_always_offered(self):
        gone = person("gone")
        self.assertEqual(self.offered("author", author=gone.pk), ["Mine", "gone"])
        self.assertNotIn("gone", self.offered("author"))

    def test_users_who_write_no_stories_are_not_offered_mine(self):
        draft(created_by=self.rosa)
        self.client.force_login(robin())
        self.assertEqual(self.offered("author"), ["rosa"])

    def test_an_unknown_author_gives_no_server_error(self):
        for key in ("rosa", "99999999999999999999", "1.5"):
            self.assertEqual(self.client.get(LIST, {"author": key}, follow=True).status_code, 200, key)


class MissingTest(ListTestCase):
    def setUp(self):
        super().setUp()
        draft("Bare")
        draft("Tagged", tags=["Coast"])
        draft("Sourced").sources.create(url="https://example.org/a")

    def test_stories_without_tags_or_sources_are_found(self):
        self.assertEqual(self.shown(missing="tags"), {"Bare", "Sourced"})
        self.assertEqual(self.shown(missing="sources"), {"Bare", "Tagged"})
        self.assertEqual(self.shown(missing="sense"), {"Bare", "Tagged", "Sourced"})

    def test_only_the_last_saved_are_checked_and_the_title_says_so(self):
        with patch("stories.admin.story.list_filters.MAX_CHECKED_STORIES", 1):
            self.assertEqual(self.shown(missing="tags"), {"Sourced"})
        self.assertEqual(self.offered("Missing (latest 10,000)"), ["No tags", "No sources"])

    def test_the_cost_is_independent_of_the_number_of_matches(self):
        ContentType.objects.get_for_model(Story)
        queries = 12
        with self.assertNumQueries(queries):
            self.shown(missing="tags")
        for number in range(20):
            draft(f"Another {number}")
        with self.assertNumQueries(queries):
            self.shown(missing="tags")
