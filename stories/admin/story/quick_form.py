"""The form of the quick edit: the fields of a story that change most often."""

from typing import Any

from django.forms.widgets import Script

from stories.admin.widgets.schedule import NativeScheduleWidget

from .form import StoryForm


class QuickForm(StoryForm):
    """A story form with few boxes. Fields without a box stay as they are stored."""

    sources = None  # type: ignore[assignment]  # how Django removes an inherited field

    class Meta(StoryForm.Meta):
        fields = ["headline", "tags", "region", "published_at"]
        widgets = StoryForm.Meta.widgets | {"published_at": NativeScheduleWidget}

    class Media:
        css = {"all": ["admin/css/forms.css", "admin/quick-edit.css"]}
        js = ["admin/elements.js", Script("admin/quick-edit.js", defer=True)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.before:
            cleaned.setdefault("sources", self.before["sources"])
        return cleaned
