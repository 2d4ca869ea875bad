"""The tag box of the story form: one tag a line without script, chips with suggestions with it."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from stories.models import Tag


class TagBox(forms.Textarea):
    class Media:
        css = {"all": ["admin/tag-box.css"]}
        js = [forms.widgets.Script("admin/tag-box.js", defer=True)]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {"data-tag-box": reverse("admin:stories_tag_suggest"), "rows": 4}
        return context

    def format_value(self, value):
        return value if isinstance(value, str) or value is None else "\n".join(str(tag) for tag in value)


class TagsField(forms.CharField):
    """Cleans to a list of names, each of which is or can become a tag."""

    widget = TagBox

    def clean(self, value):
        names = [name.strip() for name in super().clean(value).splitlines() if name.strip()]
        known = Tag.objects.named(names)
        for name in names:
            if name not in known:
                self.check_new(name)
        return names

    def check_new(self, name):
        tag = Tag(name=name)
        try:
            tag.clean_fields(exclude=["slug", "normal"])
            tag.clean()
        except ValidationError as error:
            raise ValidationError(f"“{name[:60]}” can't be a tag: {' '.join(error.messages)}") from None

    def has_changed(self, initial, data):
        return [str(tag) for tag in initial or []] != [
            name.strip() for name in (data or "").splitlines() if name.strip()
        ]
