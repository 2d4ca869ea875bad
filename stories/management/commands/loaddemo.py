from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import BaseCommand, call_command
from django.db import transaction

from stories.models import Region, Status, Story

PASSWORD = "newsdesk-demo"  # noqa: S105 (made for demonstrations, and only in debug)
PEOPLE = {"rosa": "Writers", "ed": "Editors", "olga": None}
ROLES = {"rosa": "writer", "ed": "editor", "olga": "operator"}


class Command(BaseCommand):
    help = "Fills an empty database with demo stories and, in debug, demo logins; leaves any other database alone."

    def handle(self, **options):
        if Story.objects.exists() or Region.objects.exists() or User.objects.exists():
            self.stdout.write("The database has content already, so the demo was not loaded.")
        else:
            self.stdout.write("Loading the demo ...")
            with transaction.atomic():
                call_command("loaddata", "regions", "demo", verbosity=0)
                if settings.DEBUG:
                    self.create_people()
        if settings.DEBUG:
            self.print_logins()

    def create_people(self):
        for name, group in PEOPLE.items():
            user = User.objects.create_user(name, password=PASSWORD, is_staff=True, is_superuser=group is None)
            if group:
                user.groups.add(Group.objects.get(name=group))
        rosa = User.objects.get(username="rosa")
        Story.objects.filter(status__in=[Status.DRAFT, Status.IN_REVIEW]).update(created_by=rosa)

    def print_logins(self):
        there = User.objects.filter(username__in=PEOPLE).order_by("pk")
        names = [f"  {user} ({ROLES[user.username]})" for user in there if user.check_password(PASSWORD)]
        if names:
            self.stdout.write(f"Demo logins for http://127.0.0.1:8000/admin/, password {PASSWORD}:")
            self.stdout.write("\n".join(names))
