"""The workflow's moves as buttons on the story form and as bulk actions: one of each for every line of TRANSITIONS."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied

from stories.models import TRANSITIONS, MoveNotAllowed

from .moments import moment


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
        self.move_as_asked(request, story)
        return super().response_add(request, story, post_url_continue)

    def response_change(self, request, story):
        self.move_as_asked(request, story)
        return super().response_change(request, story)

    def move_as_asked(self, request, story):
        name = request.POST.get("_move")
        if name in TRANSITIONS and self.move(request, story, name):
            done = (
                f"will appear on {moment(story.published_at)}"
                if story.is_scheduled
                else f"was {TRANSITIONS[name].done}"
            )
            self.message_user(request, f"“{story}” {done}.", messages.SUCCESS)

    def move(self, request, story, name) -> bool:
        """Make the move and log it; tell the person, and give back False, when it can't be made."""
        try:
            getattr(story, name)(by=request.user)
        except (MoveNotAllowed, PermissionDenied) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return False
        self.log_change(request, story, TRANSITIONS[name].done.capitalize() + ".")
        return True


def bulk_move(model_admin, request, queryset):
    name = request.POST["action"]
    moved = sum(model_admin.move(request, story, name) for story in queryset)
    if moved:
        stories = "1 story was" if moved == 1 else f"{moved} stories were"
        model_admin.message_user(request, f"{stories} {TRANSITIONS[name].done}.", messages.SUCCESS)
