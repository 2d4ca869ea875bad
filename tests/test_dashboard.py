"""The dashboard: stories to work on, the coming week, and charts of published stories."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import time_machine
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse

from stories.models import Autosave, Story
from tests.cast import NOON, draft, ed, olga, person, region, robin, rosa, story

INDEX = reverse("admin:index")


class DashboardTestCase(TestCase):
    def setUp(self):
        frozen = time_machine.travel(NOON, tick=False)
        self.clock = frozen.start()
        self.addCleanup(frozen.stop)
        self.ed, self.rosa = ed(), rosa()

    def page(self, user):
        self.client.force_login(user)
        return self.client.get(INDEX)

    def dashboard(self, user):
        return self.page(user).context["dashboard"]

    def panels(self, user):
        """Return {title: headlines} of the user's panels."""
        return {panel.title: [row.story.headline for row in panel.shown] for panel in self.dashboard(user).panels}

    def submitted(self, headline="In review", by=None):
        one = draft(headline, created_by=by or self.rosa)
        one.submit(by=by or self.rosa)
        return one


class ToDoTest(DashboardTestCase):
    def test_writers_see_their_own_stories(self):
        draft("Hers", created_by=self.rosa)
        draft("Another's", created_by=self.ed)
        self.submitted()
        self.submitted("Another's in review", by=self.ed)
        self.assertEqual(self.panels(self.rosa), {"Your drafts": ["Hers"], "Your stories in review": ["In review"]})

    def test_editors_see_all_stories_in_review_the_longest_waiting_first(self):
        first = self.submitted("First")
        self.clock.shift(60)
        self.submitted("Second")
        self.clock.shift(60)
        first.save()  # an edit doesn't reset the waiting time
        self.assertEqual(self.panels(self.ed), {"Waiting for review": ["First", "Second"]})

    def test_stories_sent_back_have_a_panel_with_the_comment(self):
        one = self.submitted("Sent back")
        one.send_back(by=self.ed, comment="Since when?")
        draft("Fresh", created_by=self.rosa)
        self.assertContains(self.page(self.rosa), "Since when?")
        self.assertEqual(self.panels(self.rosa)["Sent back to you"], ["Sent back"])
        self.assertEqual(self.panels(self.rosa)["Your drafts"], ["Fresh"])
        one.submit(by=self.rosa)
        self.assertNotIn("Sent back to you", self.panels(self.rosa))

    def test_two_days_in_review_are_marked_late(self):
        self.submitted()
        self.clock.shift(timedelta(days=2, seconds=-1))
        self.assertNotContains(self.page(self.ed), "desk-late")
        self.clock.shift(1)
        self.assertContains(self.page(self.ed), "2 days</strong>")
        self.assertContains(self.page(self.rosa), "2 days</strong>")

    def test_rows_name_missing_tags_and_sources(self):
        draft("Bare", created_by=self.rosa)
        draft("Tagged", created_by=self.rosa, tags=["Coast"])
        missing = {row.story.headline: row.missing for row in self.dashboard(self.rosa).drafts}
        self.assertEqual(missing, {"Bare": ["tags", "sources"], "Tagged": ["sources"]})
        self.assertContains(self.page(self.rosa), "no tags or sources", count=1)

    def test_long_panels_are_cut_and_link_to_all_stories(self):
        for number in range(8):
            draft(f"Draft {number}", created_by=self.rosa)
        page = self.page(self.rosa)
        self.assertEqual(len(page.context["dashboard"].panels[0].shown), 6)
        self.assertContains(page, f"?author={self.rosa.pk}&amp;state=draft")
        with patch("stories.admin.dashboard.panels.MAX_COUNTED", 7):
            self.assertContains(self.page(self.rosa), '<span class="desk-count">7+</span>')

    def test_every_link_filters_the_story_list(self):
        for _ in range(7):
            self.submitted()
            story(tags=["Coast"])
        page = self.page(self.ed)
        queries = [query for panel in page.context["dashboard"].panels for query in panel.links.values()]
        for query in [*queries, *page.context["dashboard"].incomplete.links.values()]:
            found = self.client.get(f"{reverse('admin:stories_story_changelist')}?{query}")
            self.assertTrue(found.context["cl"].get_filters_params(), query)

    def test_empty_panels_have_a_text(self):
        self.assertContains(self.page(self.rosa), "You have no drafts.")
        self.assertContains(self.page(self.ed), "No stories are waiting for review.")
        self.assertNotContains(self.page(self.ed), "You have no drafts.")


class UnsavedTest(DashboardTestCase):
    def typed(self, token="0" * 32, headline="Fog on the strait", **fields):
        return Autosave.objects.create(
            token=token, typed={"headline": headline, "body": ""}, **{"by": self.rosa} | fields
        )

    def test_unsaved_changes_link_to_their_form(self):
        one = draft()
        self.typed(story=one)
        self.typed(token="1" * 32, headline="")
        page = self.page(self.rosa)
        self.assertContains(page, reverse("admin:stories_story_change", args=[one.pk]) + '">Fog on the strait')
        self.assertContains(page, reverse("admin:stories_story_add") + '">Story without a headline')

    def test_unsaved_changes_are_private_and_disappear_when_saved(self):
        self.typed()
        self.assertNotContains(self.page(self.ed), "Fog on the strait")
        Autosave.objects.saved("0" * 32, by=self.rosa)
        self.assertNotContains(self.page(self.rosa), "Unsaved changes")

    def test_open_forms_without_changes_are_not_listed(self):
        Autosave.objects.create(token="0" * 32, by=self.rosa)
        self.assertEqual(self.dashboard(self.rosa).unsaved, [])


class WeekTest(DashboardTestCase):
    def days(self):
        """Return {day: headlines} of the days with stories."""
        days = self.dashboard(self.ed).week.days
        return {f"{day.date:%a %d}": [one.headline for one in day.stories] for day in days if day.stories}

    def test_stories_are_on_their_day_by_the_newsrooms_clocks(self):
        story("Last minute", at=datetime(2026, 6, 15, 22, 59, tzinfo=UTC))  # 23:59 in London
        story("Midnight", at=datetime(2026, 6, 15, 23, 0, tzinfo=UTC))
        self.assertEqual(self.days(), {"Mon 15": ["Last minute"], "Tue 16": ["Midnight"]})
        self.assertContains(self.page(self.ed), "23:59</time>")

    def test_the_calendar_ends_with_the_seventh_day(self):
        story("Sunday", at=datetime(2026, 6, 21, 22, 59, tzinfo=UTC))
        story("Monday after", at=datetime(2026, 6, 21, 23, 0, tzinfo=UTC))
        self.assertEqual(self.days(), {"Sun 21": ["Sunday"]})

    def test_days_are_whole_when_summer_time_ends(self):
        self.clock.move_to(datetime(2026, 10, 24, 12, tzinfo=UTC))
        story("Last of the long day", at=datetime(2026, 10, 25, 23, 59, tzinfo=UTC))
        story("First of the next", at=datetime(2026, 10, 26, 0, 0, tzinfo=UTC))
        self.assertEqual(self.days(), {"Sun 25": ["Last of the long day"], "Mon 26": ["First of the next"]})

    def test_a_story_moves_from_scheduled_to_published_when_it_appears(self):
        story("Soon", at=NOON + timedelta(minutes=5))
        self.assertEqual(self.days(), {"Mon 15": ["Soon"]})
        self.clock.shift(timedelta(minutes=5))
        week = self.dashboard(self.ed).week
        self.assertEqual(self.days(), {})
        self.assertEqual([one.headline for one in week.latest_today], ["Soon"])
        self.assertEqual((week.published_today, week.scheduled), ("1", 0))

    def test_yesterdays_and_withdrawn_stories_are_not_published_today(self):
        story(at=datetime(2026, 6, 14, 22, 59, tzinfo=UTC))
        story().withdraw(by=self.ed, comment="It was wrong.")
        self.assertEqual(self.dashboard(self.ed).week.published_today, "")

    def test_full_days_show_the_first_stories_and_the_number_of_others(self):
        for minute in range(9):
            story(f"Minute {minute}", at=NOON + timedelta(days=1, minutes=minute))
        story("The day after", at=NOON + timedelta(days=2))
        self.assertEqual(self.days()["Tue 16"], [f"Minute {minute}" for minute in range(6)])
        self.assertEqual(self.days()["Wed 17"], ["The day after"])
        self.assertContains(self.page(self.ed), "3 more<span")

    def test_counts_stop_at_a_limit_and_say_so(self):
        for minute in range(5):
            story(at=NOON - timedelta(minutes=minute))
        self.assertContains(self.page(self.ed), "5 published</a>")
        with patch("stories.admin.dashboard.ranges.MAX_COUNT", 3):
            page = self.page(self.ed)
        self.assertContains(page, "3 or more published</a>")
        self.assertContains(page, "This week: 3 or more")


class ChartsTest(DashboardTestCase):
    def test_weeks_begin_on_monday_and_are_counted_up_to_now(self):
        story(at=datetime(2026, 6, 14, 22, 59, tzinfo=UTC))  # Sunday, 23:59 in London
        story(at=datetime(2026, 6, 14, 23, 0, tzinfo=UTC))
        story(at=NOON + timedelta(minutes=1))
        bars = self.dashboard(self.ed).charts.weeks
        self.assertEqual([bar.stories for bar in bars], [0] * 10 + [1, 1])
        self.assertEqual(f"{bars[-1].monday}", "2026-06-15")

    def test_the_highest_bar_fills_the_chart(self):
        for _ in range(3):
            story()
        story(at=NOON - timedelta(weeks=1))
        self.assertEqual([bar.height for bar in self.dashboard(self.ed).charts.weeks], [0] * 10 + [34, 100])

    def test_the_chart_of_weeks_has_a_text_alternative(self):
        story()
        self.assertContains(self.page(self.ed), "1 June: 0; 8 June: 0; 15 June: 1</title>")

    def test_regions_are_counted_over_twelve_months_largest_first(self):
        story(region=region("Coast"))
        story(region=region("Coast"))
        story(at=datetime(2025, 7, 1, 12, tzinfo=UTC))
        story(at=datetime(2025, 6, 30, 12, tzinfo=UTC))
        bars = self.dashboard(self.ed).charts.regions
        self.assertEqual(
            [(bar.region.name, bar.stories, bar.width) for bar in bars], [("Coast", 2, 100), ("Europe", 1, 50)]
        )

    def test_without_stories_there_are_no_charts(self):
        self.assertNotContains(self.page(self.ed), "desk-weeks")
        self.assertNotContains(self.page(self.ed), "desk-regions")


class IncompleteTest(DashboardTestCase):
    def incomplete(self, user):
        return {row.story.headline: row.missing for row in self.dashboard(user).incomplete.rows}

    def test_editors_see_published_stories_without_tags_or_sources(self):
        story("Bare")
        story("Tagged", tags=["Coast"]).sources.create(url="https://example.org/a")
        story("Later", tags=["Coast"], at=NOON + timedelta(days=1))
        draft("Draft")
        self.assertEqual(self.incomplete(self.ed), {"Bare": ["tags", "sources"], "Later": ["sources"]})
        self.assertNotContains(self.page(self.rosa), "Published without tags or sources")

    def test_only_stories_saved_last_are_checked(self):
        story("Old")
        self.clock.shift(60)
        story("New")
        with patch("stories.admin.dashboard.dashboard.MAX_SAMPLED_STORIES", 1):
            self.assertEqual(self.incomplete(self.ed), {"New": ["tags", "sources"]})


class PermissionTest(DashboardTestCase):
    def test_writers_and_editors_have_a_button_to_write(self):
        for user, times in ((self.rosa, 1), (self.ed, 1), (olga(), 1), (robin(), 0)):
            self.assertContains(self.page(user), "Write a story", count=times)

    def test_users_who_may_only_view_see_the_week_and_no_panels(self):
        self.submitted()
        page = self.page(robin())
        self.assertContains(page, "Next seven days")
        self.assertEqual(page.context["dashboard"].panels, [])
        self.assertNotContains(page, "In review")

    def test_users_who_may_not_view_stories_see_none(self):
        story("Ferry returns")
        stranger = person("stranger", is_staff=True)
        self.assertNotContains(self.page(stranger), "Ferry returns")
        self.assertNotIn("dashboard", self.page(stranger).context)
        self.assertContains(self.page(stranger), "Ask an operator")
        stranger.user_permissions.add(Permission.objects.get(content_type__app_label="stories", codename="view_tag"))
        self.assertNotContains(self.page(stranger), "Ferry returns")

    def test_the_dashboard_links_to_all_lists_the_user_may_view(self):
        page = self.page(olga())
        for model in ("stories_region", "stories_tag", "auth_user", "auth_group", "accounts_auditentry"):
            self.assertContains(page, self.listed(model))
        self.assertContains(self.page(self.rosa), self.listed("stories_tag"))
        self.assertNotContains(self.page(self.rosa), self.listed("auth_user"))
        self.assertContains(self.client.get("/admin/stories/"), self.listed("stories_tag"))

    def listed(self, model):
        return f'href="{reverse(f"admin:{model}_changelist")}"'

    def test_hostile_text_is_shown_as_text(self):
        one = self.submitted("<script>alert(1)</script>")
        one.send_back(by=self.ed, comment="<img src=x onerror=alert(2)>")
        page = self.page(self.rosa)
        self.assertContains(page, "&lt;script&gt;alert(1)")
        self.assertNotContains(page, "<img src=x")


class CostTest(DashboardTestCase):
    def fill(self, number):
        for count in range(number):
            self.submitted(f"In review {count}", by=self.ed)
            back = self.submitted(f"Back {count}", by=self.ed)
            back.send_back(by=self.ed, comment="Why?")
            draft(created_by=self.ed)
            story(at=NOON + timedelta(hours=3 * count), region=region(f"Region {count % 5}"))
            story(at=NOON - timedelta(minutes=10 * count))
            Autosave.objects.create(token=f"{Story.objects.count():032}", by=self.ed, typed={"headline": "x"})

    def test_the_number_of_queries_is_constant(self):
        ContentType.objects.get_for_model(Story)
        queries = 22
        self.fill(3)
        self.client.force_login(self.ed)
        with self.assertNumQueries(queries):
            self.client.get(INDEX)
        self.fill(57)
        with self.assertNumQueries(queries):
            self.client.get(INDEX)
