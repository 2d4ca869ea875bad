"""The workflow's moves as buttons on the story form and as bulk actions: one of each for every line of TRANSITIONS."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse

from stories.admin.base.times import format_time
from stories.models import TRANSITIONS, MoveNotAllowed

LONGEST_COMMENT = 2_000


class MovesMixin:
    """For a ModelAdmin of stories. The form's buttons are named `_move`, with the transition's name as value."""

    def get_actions(self, request):
        moves = {
            transition.name: (bulk_move, transition.name, f"{transition.label}: selected stories")
            for transition in TRANSITIONS.values()
            if request.user.has_perm(transition.permission)
        }
        return moves | super().get_actions(request)

    def response_add(self, request, story, post_url_continue=None):
        return self.move_as_asked(request, story) or super().response_add(request, story, post_url_continue)

    def response_change(self, request, story):
        return self.move_as_asked(request, story) or super().response_change(request, story)

    def move_as_asked(self, request, story):
        """Where to go on when the move that was asked for can't be made: back to the form, where it says why."""
        name = "publish" if "_publish_another" in request.POST else request.POST.get("_move")
        if name not in TRANSITIONS:
            return None
        if not self.move(request, story, name):
            return HttpResponseRedirect(reverse("admin:stories_story_change", args=[story.pk]))
        at = (
            f"will appear on {format_time(story.published_at)}"
            if story.is_scheduled
            else f"was {TRANSITIONS[name].done}"
        )
        self.message_user(request, f"“{story}” {at}.", messages.SUCCESS)
        if "_publish_another" in request.POST:
            return HttpResponseRedirect(f"{reverse('admin:stories_story_add')}?region={story.region_id}")
        return None

    def move(self, request, story, name) -> bool:
        """Make the move and log it; tell the person, and give back False, when it can't be made."""
        comment = request.POST.get("comment", "").strip()[:LONGEST_COMMENT]
        try:
            getattr(story, name)(by=request.user, comment=comment)
        except (MoveNotAllowed, PermissionDenied) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return False
        self.log_change(request, story, TRANSITIONS[name].done.capitalize() + ".")
        if name == "send_back":
            transaction.on_commit(lambda: tell_its_writer(request, story, comment))
        return True


def tell_its_writer(request, story, comment):
    """By e-mail, when the writer has an address and did not send the story back to herself."""
    writer = story.created_by
    if writer is None or not writer.email or writer == request.user:
        return
    address = request.build_absolute_uri(reverse("admin:stories_story_change", args=[story.pk]))
    lines = [f"{request.user} sent “{story}” back to you.", comment, address]
    # A mail server that is down must not undo the move, nor hide it: the comment stands on the form as well.
    send_mail(
        f"Sent back: {' '.join(str(story).split())}",
        "\n\n".join(filter(None, lines)),
        None,
        [writer.email],
        fail_silently=True,
    )


def bulk_move(model_admin, request, queryset):
    name = request.POST["action"]
    moved = sum(model_admin.move(request, story, name) for story in queryset)
    if moved:
        stories = "1 story was" if moved == 1 else f"{moved} stories were"
        model_admin.message_user(request, f"{stories} {TRANSITIONS[name].done}.", messages.SUCCESS)
