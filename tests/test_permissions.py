"""Who may ask for what: every address of the site and the admin, every person, every state of a story.

A new address without a row here fails. What a person may do with what she is shown is tested where it is done; here
is who gets in at all, with an empty form where there is one.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import TestCase
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import AuditEntry
from stories.models import Autosave, PreviewLink, Status, TagChange
from tests.cast import draft, ed, olga, region, robin, rosa, story

PEOPLE = ["anonymous", "robin", "rosa", "ed", "olga"]
# Of stories, as Rosa sees them. "hers" and "another's" are drafts.
STATES = ["hers", "hers in review", "hers published", "another's", "in review", "scheduled", "published", "withdrawn"]
# What an answer is: shown (or done), the login page, forbidden, not there, gone.
SHOWN, LOGIN, FORBIDDEN, MISSING, GONE = "o", "l", "-", "x", "g"


@dataclass(frozen=True)
class Row:
    """One address: a letter for each person, or eight, one for each state of a story."""

    name: str
    anonymous: str
    robin: str
    rosa: str
    ed: str
    olga: str
    method: str = "GET"
    data: dict = field(default_factory=dict)
    given: dict = field(default_factory=dict)

    def expected(self, someone, state=0):
        letters = getattr(self, someone)
        return letters if len(letters) == 1 else letters[state]

    @property
    def is_about_a_story(self):
        return any(len(getattr(self, someone)) > 1 for someone in PEOPLE)


def post(name, *who, **options):
    return Row(name, *who, method="POST", **options)


def everybody(name):
    return Row(name, *"ooooo")


def a_model_of_the_operators(app, model, *more):
    names = (f"admin:{app}_{model}_{page}" for page in ("changelist", "add", "history", "delete", "change", *more))
    return [Row(name, *"l---o") for name in names]


NOBODY, ALL, HERS = "llllllll", "oooooooo", "o-------"
TOKEN = "0" * 32
READERS = "xxoxxxog"

ROWS = [
    everybody("stories:front"),
    everybody("stories:front-month"),
    everybody("stories:search"),
    everybody("stories:tags"),
    everybody("stories:tag"),
    everybody("stories:tag-month"),
    everybody("stories:region"),
    everybody("stories:region-month"),
    Row("stories:story", READERS, READERS, READERS, READERS, READERS),
    Row("stories:card", READERS, READERS, READERS, READERS, READERS),
    *(everybody(f"stories:{name}-{feed}") for name in ("front", "tag", "region") for feed in ("rss", "atom", "json")),
    *(everybody(f"stories:sitemap{part}") for part in ("", "-news", "-lists", "-tags", "-stories")),
    everybody("stories:robots"),
    Row(":security", *"xxxxx"),  # until a contact is set
    everybody(":manifest"),
    everybody("stories:tag-before"),
    everybody("stories:region-before"),
    Row("stories:story-before", READERS, READERS, READERS, READERS, READERS),
    Row("stories:numbered-story-before", *"xxxxx"),  # no story here had a number
    everybody("admin:login"),
    Row("admin:index", *"loooo"),
    post("admin:logout", *"ooooo"),
    Row("admin:password_change", *"loooo"),
    Row("admin:password_change_done", *"loooo"),
    Row("admin:jsi18n", *"loooo"),
    Row("admin:autocomplete", *"l----"),  # nothing is looked up by it: no list of users or stories leaks
    Row("admin:app_list", *"loooo", given={"app": "stories"}),
    Row("admin:app_list", *"lxxxo", given={"app": "auth"}),
    Row("admin/(?P<url>.*)$", *"lxxxx"),
    Row("admin:view_on_site", NOBODY, ALL, ALL, ALL, ALL),
    Row("admin:stories_story_changelist", *"loooo"),
    Row("admin:stories_story_add", *"l-ooo"),
    post("admin:stories_story_add", *"l-ooo"),
    Row("admin/stories/story/<path:object_id>/", *"loooo"),
    Row("admin:stories_story_change", NOBODY, ALL, ALL, ALL, ALL),
    post("admin:stories_story_change", NOBODY, "--------", HERS, ALL, ALL),
    Row("admin:stories_story_quick", NOBODY, "--------", HERS, ALL, ALL),
    post("admin:stories_story_quick", NOBODY, "--------", HERS, ALL, ALL),
    Row("admin:stories_story_history", NOBODY, ALL, ALL, ALL, ALL),
    Row("admin:stories_story_preview", NOBODY, ALL, ALL, ALL, ALL),
    Row("admin:stories_story_delete", NOBODY, "--------", HERS, ALL, ALL),
    post("admin:stories_story_delete", NOBODY, "--------", HERS, ALL, ALL, data={"post": "yes"}),
    post("admin:stories_story_restore", NOBODY, "--------", HERS, ALL, ALL),
    post("admin:stories_story_share", NOBODY, "--------", HERS, ALL, ALL),
    post("admin:stories_story_revoke", NOBODY, "--------", HERS, ALL, ALL),
    post("admin:stories_story_duplicate", NOBODY, "--------", ALL, ALL, ALL),
    post("admin:stories_story_live_preview", *"l-ooo", data={"headline": "x"}),
    post("admin:stories_story_similar", *"l-ooo", data={"headline": "x"}),
    post("admin:stories_story_link_title", *"l-ooo"),
    everybody("stories:preview"),
    post("admin:stories_story_typed", *"l-ooo", data={"token": "1" * 32}),
    post("admin:stories_story_typed", *"l-o--", data={"token": TOKEN}),
    post("admin:stories_story_discard", *"lxoxx"),
    Row("admin:stories_story_deleted", *"l-ooo"),
    post("admin:stories_story_recover", *"l-ooo", given={"deleted": "rosa"}),
    post("admin:stories_story_recover", *"l-xoo", given={"deleted": "ed"}),
    Row("admin:stories_region_changelist", *"loooo"),
    Row("admin:stories_region_add", *"l--oo"),
    Row("admin:stories_region_change", *"loooo"),
    post("admin:stories_region_change", *"l--oo"),
    Row("admin:stories_region_history", *"loooo"),
    Row("admin:stories_region_delete", *"l--oo"),
    Row("admin/stories/region/<path:object_id>/", *"loooo"),
    Row("admin:stories_tag_changelist", *"loooo"),
    Row("admin:stories_tag_add", *"l-ooo"),
    Row("admin:stories_tag_change", *"loooo"),
    post("admin:stories_tag_change", *"l--oo"),
    Row("admin:stories_tag_history", *"loooo"),
    Row("admin:stories_tag_delete", *"l--oo"),
    Row("admin/stories/tag/<path:object_id>/", *"loooo"),
    Row("admin:stories_tag_suggest", *"loooo"),
    post("admin:stories_tag_in_text", *"loooo"),
    Row("admin:stories_tag_split", *"l--oo"),
    Row("admin:stories_tag_changes", *"l--oo"),
    post("admin:stories_tag_undo", *"l--oo"),
    Row("admin:account", *"loooo"),
    Row("admin:enrol", *"loooo"),
    Row("admin:second_factor", *"loooo"),
    Row("admin:second_factor_off", *"loooo"),
    Row("admin:recovery_codes", *"loooo"),
    post("admin:end_sessions", *"loooo"),
    *a_model_of_the_operators("auth", "group"),
    Row("admin/auth/group/<path:object_id>/", *"loooo"),
    *a_model_of_the_operators("auth", "user", "password_change"),
    Row("admin/auth/user/<path:object_id>/", *"loooo"),
    Row("admin:accounts_auditentry_changelist", *"l---o"),
    Row("admin:accounts_auditentry_change", *"l---o"),
    Row("admin:accounts_auditentry_history", *"l---o"),
    Row("admin:accounts_auditentry_add", *"l----"),
    Row("admin:accounts_auditentry_delete", *"l----"),
    post("admin:accounts_auditentry_change", *"l----"),
    Row("admin/accounts/auditentry/<path:object_id>/", *"loooo"),
]


def addresses(resolver=None, before="", namespace=""):
    """{name, or the route where it has none: route} of all there are."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            found |= addresses(entry, route, entry.namespace or namespace)
        else:
            found[f"{namespace}:{entry.name}" if entry.name else route] = route
    return found


def what(answer) -> str:
    if answer.status_code == 302 and "/login/" in answer.url:
        return LOGIN
    return {403: FORBIDDEN, 404: MISSING, 410: GONE}.get(answer.status_code, SHOWN)


class PermissionsTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        everybody = {"robin": robin(), "rosa": rosa(), "ed": ed(), "olga": olga()}
        cls.people, hers, later = everybody, everybody["rosa"], timezone.now() + timedelta(days=1)
        cls.stories = [
            draft(created_by=hers),
            story(status=Status.IN_REVIEW, created_by=hers),
            story(created_by=hers, tags=["Coast"]),
            draft(created_by=everybody["ed"]),
            story(status=Status.IN_REVIEW, created_by=everybody["ed"]),
            story(at=later, created_by=everybody["ed"]),
            story(created_by=everybody["ed"], tags=["Coast"]),
            story(created_by=everybody["ed"]),
        ]
        cls.stories[-1].withdraw(by=everybody["olga"], comment="It was wrong.")
        for one in cls.stories:
            one.record(by=one.created_by)
        cls.deleted = {}
        for name in ("rosa", "ed"):
            gone = draft(created_by=everybody[name])
            cls.deleted[name] = gone.pk
            gone.delete(by=everybody[name])
        Autosave.objects.create(
            token=TOKEN, by=hers, typed={"headline": "x", "body": "", "tags": "", "sources": [], "byline": ""}
        )
        made = {"by": hers, "lasts": timedelta(days=1)}
        cls.links = [PreviewLink.objects.make(one, **made) for one in cls.stories]
        cls.tag = cls.stories[2].tags.get()
        cls.change = TagChange.objects.retag([cls.stories[0].pk], add=["Ferry"], by=None)

    def setUp(self):
        self.routes = addresses()
        self.cookies = {}
        for name, user in self.people.items():
            self.client.force_login(user)
            self.cookies[name] = self.client.cookies.output(header="", sep=";")
            self.client.cookies.clear()

    def path(self, row, state):
        one = self.stories[state]
        about = next(
            (word for word in ("tag", "region", "group", "user", "auditentry") if f"_{word}_" in row.name), "story"
        )
        about = "tag" if row.name.startswith("stories:tag") else about
        about = "region" if row.name.startswith("stories:region") else about
        thing = {
            "tag": self.tag,
            "region": region(),
            "group": Group.objects.first(),
            "user": self.people["ed"],
            "auditentry": AuditEntry.objects.first(),
            "story": one,
        }[about]
        month = timezone.localtime(self.stories[2].published_at)
        values = {
            "pk": self.change.pk if row.name.endswith("undo") else thing.pk,
            "id": thing.pk,
            "object_id": thing.pk,
            "slug": getattr(thing, "slug", ""),
            "year": month.year,
            "month": f"{month:%m}",
            "number": 1,
            "before": "",
            "token": self.links[state].get_absolute_url().split("/")[2] if row.name == "stories:preview" else TOKEN,
            "link": self.links[state].pk,
            "content_type_id": ContentType.objects.get_for_model(one).pk,
        }
        if "deleted" in row.given:
            values["pk"] = self.deleted[row.given["deleted"]]
        route = self.routes[row.name].replace("^(?P<app_label>", f"{row.given.get('app', '')}(")
        route = re.sub(r"\(.*\)/?\$$", "/" if row.given else "nothing/here/", route)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route)

    def ask(self, row, someone, state=0):
        self.client.cookies.clear()
        if someone != "anonymous":
            self.client.cookies.load(self.cookies[someone])
        with transaction.atomic():  # undone below
            answer = self.client.generic(
                row.method,
                self.path(row, state),
                "&".join(f"{name}={value}" for name, value in row.data.items()),
                content_type="application/x-www-form-urlencoded",
            )
            transaction.set_rollback(True)
        return what(answer)

    def test_everybody_gets_what_the_table_says(self):
        for row in ROWS:
            states = range(len(STATES)) if row.is_about_a_story else [0]
            for someone in PEOPLE:
                for state in states:
                    with self.subTest(f"{row.method} {row.name}", who=someone, story=STATES[state]):
                        self.assertEqual(self.ask(row, someone, state), row.expected(someone, state))

    def test_every_address_has_a_row(self):
        self.assertEqual(set(self.routes), {row.name for row in ROWS})

    def test_what_only_posting_does_is_not_done_by_following_a_link(self):
        with_get = {row.name for row in ROWS if row.method == "GET"}
        for row in ROWS:
            if row.method == "POST" and row.name not in with_get:
                self.client.force_login(self.people["olga"])
                self.assertEqual(self.client.get(self.path(row, 0)).status_code, 405, row.name)
