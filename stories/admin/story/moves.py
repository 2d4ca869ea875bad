"""Workflow moves: a button on the story form and a bulk action for each line of TRANSITIONS."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stories.admin.base.requests import staff_user
from stories.admin.base.times import format_time
from stories.models import TRANSITIONS, MoveNotAllowed, Story

MAX_COMMENT_CHARS = 2_000
PUBLISH_ANOTHER = "_publish_another"


class MovesMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories. The form's buttons are named `_move`; their value is the transition's name."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        moves = {
            transition.name: (bulk_move, transition.name, transition.label)
            for transition in TRANSITIONS.values()
            if request.user.has_perm(transition.permission)
        }
        return moves | super().get_actions(request)

    def response_add(self, request: HttpRequest, obj: Story, post_url_continue: str | None = None) -> HttpResponse:
        return self.make_requested_move(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Story) -> HttpResponse:
        return self.make_requested_move(request, obj) or super().response_change(request, obj)

    def make_requested_move(self, request: HttpRequest, story: Story) -> HttpResponse | None:
        """Make the move whose button was pressed, if any.

        Return a redirect back to the form if the move fails, or to an empty form if the button asked for that.
        """
        name = "publish" if PUBLISH_ANOTHER in request.POST else request.POST.get("_move")
        if name not in TRANSITIONS:
            return None
        if not self.move(request, story, name):
            return HttpResponseRedirect(reverse("admin:stories_story_change", args=[story.pk]))
        self.message_user(request, describe_move(story, name), messages.SUCCESS)
        if PUBLISH_ANOTHER in request.POST:
            return HttpResponseRedirect(f"{reverse('admin:stories_story_add')}?region={story.region_id}")
        return None

    def move(self, request: HttpRequest, story: Story, name: str) -> bool:
        """Make a move and log it. If it isn't allowed, say why in a message and return False."""
        comment = request.POST.get("comment", "").strip()[:MAX_COMMENT_CHARS]
        try:
            getattr(story, name)(by=staff_user(request), comment=comment)
        except (MoveNotAllowed, PermissionDenied) as error:
            self.message_user(request, str(error), messages.ERROR)
            return False
        self.log_change(request, story, TRANSITIONS[name].done.capitalize() + ".")
        if name == "send_back":
            transaction.on_commit(lambda: email_writer(request, story, comment))
        return True


def describe_move(story: Story, name: str) -> str:
    if story.is_scheduled and story.published_at:
        return _("“%(story)s” is scheduled for %(time)s.") % {"story": story, "time": format_time(story.published_at)}
    return _("“%(story)s” was %(done)s.") % {"story": story, "done": TRANSITIONS[name].done}


def email_writer(request: HttpRequest, story: Story, comment: str) -> None:
    """Tell the writer that their story was sent back, unless they sent it back themselves or have no e-mail address."""
    writer = story.created_by
    if writer is None or not writer.email or writer == request.user:
        return
    url = request.build_absolute_uri(reverse("admin:stories_story_change", args=[story.pk]))
    names = {"user": request.user, "story": " ".join(str(story).split())}
    paragraphs = [_("%(user)s sent “%(story)s” back to you.") % names, comment, url]
    # A failing mail server must not undo or hide the move: the form shows the comment too.
    send_mail(
        _("Sent back: %(story)s") % names,
        "\n\n".join(filter(None, paragraphs)),
        None,
        [writer.email],
        fail_silently=True,
    )


def bulk_move(model_admin: Any, request: HttpRequest, queryset: QuerySet[Story]) -> None:
    name = request.POST["action"]
    moved = sum(model_admin.move(request, story, name) for story in queryset)
    if moved:
        message = ngettext("%(count)s story was %(done)s.", "%(count)s stories were %(done)s.", moved)
        values = {"count": f"{moved:,}", "done": TRANSITIONS[name].done}
        model_admin.message_user(request, message % values, messages.SUCCESS)
