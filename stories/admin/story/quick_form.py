"""The boxes of the story form that change most often, for the quick edit in the list."""

from django.forms.widgets import Script

from stories.admin.widgets.schedule import PickerBoxes

from .form import StoryForm


class QuickForm(StoryForm):
    """Meets what others saved by the story form's own rules; whatever it has no box for stays as it is stored."""

    sources = None

    class Meta(StoryForm.Meta):
        fields = ["headline", "tags", "region", "published_at"]
        widgets = StoryForm.Meta.widgets | {"published_at": PickerBoxes}

    class Media:
        css = {"all": ["admin/css/forms.css", "admin/quick-edit.css"]}
        js = ["admin/elements.js", Script("admin/quick-edit.js", defer=True)]

    def clean(self):
        cleaned = super().clean()
        cleaned.setdefault("sources", self.before["sources"])
        return cleaned
