"""The audit log: logins, story moves, tag changes and permission changes are recorded; nobody can change an entry."""

from unittest import mock

from django.contrib.auth.models import Group, Permission, User
from django.core import serializers
from django.db import connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditAction, AuditEntry
from stories.models import MoveNotAllowed, Revision, Story, Tag, TagChange
from tests.cast import draft, ed, olga, person, rosa, story

LOG = "/admin/accounts/auditentry/"


def read_log(action):
    """Return [(actor, target, details)], newest first."""
    return list(AuditEntry.objects.filter(action=action).values_list("actor", "target", "details"))


class RecordTest(TestCase):
    def test_logins_and_failed_logins(self):
        ed().set_password("x")
        self.client.post("/admin/login/", {"username": "ed", "password": "wrong"}, REMOTE_ADDR="192.0.2.8")
        self.client.force_login(User.objects.get())
        self.client.post("/admin/logout/")
        entries = AuditEntry.objects.order_by("pk")
        self.assertEqual(
            [entry.action for entry in entries], [AuditAction.LOGIN_FAILED, AuditAction.LOGIN, AuditAction.LOGOUT]
        )
        self.assertEqual((entries[0].actor, entries[0].ip), ("ed", "192.0.2.8"))

    def test_a_move_with_its_comment(self):
        one = story("Ferry returns")
        one.withdraw(by=ed(), comment="It was not so.")
        self.assertEqual(read_log(AuditAction.STORY), [("ed", "Ferry returns", "Withdrew it. It was not so.")])

    def test_plain_saves_and_refused_moves_are_not_recorded(self):
        one = draft("Ferry returns")
        one.record(by=ed())
        with self.assertRaises(MoveNotAllowed):
            one.withdraw(by=olga(), comment="Why not?")
        self.assertEqual(read_log(AuditAction.STORY), [])

    def test_a_move_that_is_rolled_back_is_not_recorded(self):
        one = draft("Ferry returns")
        with transaction.atomic():
            one.publish(by=ed())
            transaction.set_rollback(True)
        self.assertEqual(read_log(AuditAction.STORY), [])

    def test_a_merge_and_its_undo(self):
        story(tags=["Kiev"]), Tag.objects.ensure(["Kyiv"])
        change = TagChange.objects.merge(*Tag.objects.order_by("name"), by=ed())
        change.undo(by=olga())
        merged = "“Kiev” merged into “Kyiv”"
        self.assertEqual(
            read_log(AuditAction.TAGS), [("olga", merged, "Undone."), ("ed", merged, "1 story had it, 0 had both.")]
        )

    def test_loading_a_fixture_records_nothing(self):
        story(tags=["Kiev"]), Tag.objects.ensure(["Kyiv"])
        Story.objects.get().withdraw(by=ed(), comment="It was not so.")
        TagChange.objects.merge(*Tag.objects.order_by("name"), by=User.objects.get())
        fixture = serializers.serialize("json", [*Revision.objects.all(), *TagChange.objects.all()])
        for model in (Revision, TagChange, AuditEntry):
            model.objects.all().delete()
        for loaded in serializers.deserialize("json", fixture):
            loaded.save()
        self.assertFalse(AuditEntry.objects.exists())


class PermissionsTest(TestCase):
    def setUp(self):
        self.rosa = rosa()
        self.client.force_login(olga())

    def save(self, **fields):
        form = {"username": "rosa", "date_joined_0": "2026-06-15", "date_joined_1": "12:00:00"}
        groups = [group.pk for group in self.rosa.groups.all()]
        data = form | {"is_active": "on", "is_staff": "on", "groups": groups} | fields
        answer = self.client.post(f"/admin/auth/user/{self.rosa.pk}/change/", data)
        self.assertEqual(answer.status_code, 302)

    def test_a_new_group_and_superuser_status(self):
        editors = Group.objects.get(name="Editors")
        self.save(groups=[editors.pk], is_superuser="on")
        changed = "groups: Writers → Editors; superuser: no → yes"
        self.assertEqual(read_log(AuditAction.PERMISSIONS), [("olga", "user “rosa”", changed)])

    def test_a_new_account_has_its_role_at_once_and_can_log_in(self):
        form = self.client.get("/admin/auth/user/add/").context["adminform"].form
        self.assertTrue(form.get_initial_for_field(form.fields["is_staff"], "is_staff"))
        writers = Group.objects.get(name="Writers")
        password = {"usable_password": "true", "password1": "ferry-lamp-quarry", "password2": "ferry-lamp-quarry"}
        self.client.post(
            "/admin/auth/user/add/", password | {"username": "wim", "is_staff": "on", "groups": [writers.pk]}
        )
        self.client.logout()
        self.client.post("/admin/login/", {"username": "wim", "password": "ferry-lamp-quarry"})
        self.assertContains(self.client.get("/admin/"), "Write a story")

    def test_the_user_list_shows_roles_in_a_constant_number_of_queries(self):
        with CaptureQueriesContext(connection) as few:
            self.assertContains(self.client.get("/admin/auth/user/"), '<td class="field-role">Writers</td>')
        [person(f"writer{number}", "Writers") for number in range(3)]
        with self.assertNumQueries(len(few)):
            self.client.get("/admin/auth/user/")

    def test_an_e_mail_address_is_not_a_permission(self):
        self.save(email="rosa@example.org")
        self.assertEqual(read_log(AuditAction.PERMISSIONS), [])

    def test_permissions_of_a_group(self):
        group, may = Group.objects.create(name="Interns"), Permission.objects.get(codename="add_story")
        self.client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "Interns", "permissions": [may.pk]})
        self.assertEqual(
            read_log(AuditAction.PERMISSIONS), [("olga", "group “Interns”", "permissions: none → add_story")]
        )

    def test_a_password_set_by_an_operator(self):
        new = {"password1": "ferry-lamp-quarry", "password2": "ferry-lamp-quarry", "usable_password": "true"}
        self.client.post(f"/admin/auth/user/{self.rosa.pk}/password/", new)
        self.assertEqual(read_log(AuditAction.PASSWORD), [("olga", "user “rosa”", "")])

    def test_a_deletion_stays_recorded_after_both_users_are_gone(self):
        self.client.post(f"/admin/auth/user/{self.rosa.pk}/delete/", {"post": "yes"})
        User.objects.all().delete()
        self.assertEqual(read_log(AuditAction.ACCOUNT), [("olga", "user “rosa”", "Deleted.")])


class LogTest(TestCase):
    def setUp(self):
        self.client.force_login(olga())
        self.entry = AuditEntry.objects.record(AuditAction.STORY, "ed", "Ferry returns", "Published.")

    def test_an_operator_reads_and_searches_the_log(self):
        self.assertContains(self.client.get(LOG), "Ferry returns")
        self.assertNotContains(self.client.get(f"{LOG}?q=lighthouse"), "Ferry returns")
        self.assertNotContains(self.client.get(f"{LOG}?action__exact=login"), "Ferry returns")

    def test_not_even_an_operator_can_change_an_entry(self):
        for page, data in (("change", {"actor": "rosa"}), ("delete", {"post": "yes"})):
            self.assertEqual(self.client.post(f"{LOG}{self.entry.pk}/{page}/", data).status_code, 403)
        self.client.post(LOG, {"action": "delete_selected", "_selected_action": [self.entry.pk], "post": "yes"})
        self.assertEqual(AuditEntry.objects.get(pk=self.entry.pk).actor, "ed")

    def test_an_editor_can_not_read_the_log(self):
        self.client.force_login(person("eva", "Editors"))
        self.assertEqual(self.client.get(LOG).status_code, 403)

    def test_a_truncated_list_says_so(self):
        AuditEntry.objects.record(AuditAction.LOGIN, "ed")
        with mock.patch("stories.admin.base.bounded_list.MAX_ROWS", 1):
            page = self.client.get(f"{LOG}?q=ed")
        self.assertContains(page, "First 1 audit log entries.")
        self.assertNotContains(page, "1 result")

    def test_the_list_takes_four_queries_at_any_length(self):
        for number in (3, 50):
            for _ in range(number):
                AuditEntry.objects.record(AuditAction.LOGIN, "ed")
            with self.assertNumQueries(4):  # session, user, count, entries
                self.client.get(LOG)
