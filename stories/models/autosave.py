"""Story forms that are open on somebody's screen: what is typed in them and not saved yet, and who has which open.

Nothing here touches a story. A form has a token of its own, so two tabs of one person never overwrite each other.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

# An open form is heard of twice a minute, or once where a browser slows down a hidden tab.
SILENT = timedelta(minutes=3)


class AutosaveManager(models.Manager):
    def keep(self, token: str, *, by, story=None, typed: dict | None = None):
        """Note that the form is open, and what is typed in it, if anything. Three queries.

        None when the token is another person's. What has been saved or given up is left as it is.
        """
        kept, _new = self.get_or_create(token=token, defaults={"by": by, "story": story})
        if kept.by_id != by.pk:
            return None
        if kept.saved_at is None:
            kept.at = timezone.now()
            kept.typed = typed or kept.typed
            kept.save(update_fields=["at", "typed"])
        return kept

    def saved(self, token: str, *, by) -> None:
        self.filter(token=token, by=by).update(saved_at=timezone.now(), typed=None)

    def around(self, story, person) -> tuple[list, list]:
        """(forms of this person with unsaved text, forms that others have open) of a story; of new ones if None. One query."""
        mine = Q(by=person, typed__isnull=False)
        others = ~Q(by=person) & Q(at__gte=timezone.now() - SILENT) if story else Q(pk=None)
        found = self.filter(mine | others, story=story, saved_at=None).select_related("by").order_by("-at")[:20]
        of_others = [form for form in found if form.by_id != person.pk]
        return [form for form in found if form.by_id == person.pk], one_of_each(of_others)


def one_of_each(forms) -> list:
    """One form of each person: a page that was loaded anew has left another behind. One with text, if there is one."""
    last_one_wins = {form.by_id: form for form in [*reversed(forms), *reversed([form for form in forms if form.typed])]}
    return list(last_one_wins.values())


class Autosave(models.Model):
    token = models.CharField(max_length=32, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # None for a new story, and for one that was deleted meanwhile: what was typed is still there.
    story = models.ForeignKey("stories.Story", models.SET_NULL, null=True, related_name="autosaves")
    opened_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)
    # The boxes as they were sent, None until something is typed.
    typed = models.JSONField(null=True)
    saved_at = models.DateTimeField(null=True)

    objects = AutosaveManager()

    class Meta:
        indexes = [models.Index(fields=["by", "-at"], name="autosave_by_person")]

    def __str__(self):
        return self.token
