from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import BaseCommand, call_command
from django.db import transaction

from stories.models import Region, Status, Story

PASSWORD = "newsdesk-demo"  # noqa: S105 (for the demo, and only in debug mode)
PEOPLE = {"rosa": "Writers", "ed": "Editors", "olga": None}
ROLES = {"rosa": "writer", "ed": "editor", "olga": "operator"}


class Command(BaseCommand):
    help = "Load demo stories, and demo logins in debug mode, into an empty database. Leave any other unchanged."

    def handle(self, **options: Any) -> None:
        if Story.objects.exists() or Region.objects.exists() or User.objects.exists():
            self.stdout.write("The database is not empty, so the demo was not loaded.")
        else:
            self.stdout.write("Loading the demo ...")
            with transaction.atomic():
                call_command("loaddata", "regions", "demo", verbosity=0)
                if settings.DEBUG:
                    self.create_people()
        if settings.DEBUG:
            self.print_logins()

    def create_people(self) -> None:
        for name, group in PEOPLE.items():
            user = User.objects.create_user(name, password=PASSWORD, is_staff=True, is_superuser=group is None)
            if group:
                user.groups.add(Group.objects.get(name=group))
        rosa = User.objects.get(username="rosa")
        Story.objects.filter(status__in=[Status.DRAFT, Status.IN_REVIEW]).update(created_by=rosa)

    def print_logins(self) -> None:
        """Print the demo users that still have the demo password."""
        users = User.objects.filter(username__in=PEOPLE).order_by("pk")
        lines = [f"  {user} ({ROLES[user.username]})" for user in users if user.check_password(PASSWORD)]
        if lines:
            self.stdout.write(f"Demo logins for http://127.0.0.1:8000/admin/, password {PASSWORD}:")
            self.stdout.write("\n".join(lines))
