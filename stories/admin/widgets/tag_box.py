"""The tag box of the story form: one tag a line without script, chips with suggestions with it."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from stories.models import Tag

MOST_TAGS = 50
LONGEST_NAME = Tag._meta.get_field("name").max_length


class TagBox(forms.Textarea):
    class Media:
        css = {"all": ["admin/tag-box.css"]}
        js = ["admin/elements.js", "admin/answers.js", forms.widgets.Script("admin/tag-box.js", defer=True)]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-tag-box": reverse("admin:stories_tag_suggest"),
            "data-in-text": reverse("admin:stories_tag_in_text"),
            "rows": 4,
        }
        return context

    def format_value(self, value):
        return value if isinstance(value, str) or value is None else "\n".join(str(tag) for tag in value)


class TagsField(forms.CharField):
    """Cleans to a list of names, each of which is or can become a tag."""

    widget = TagBox

    def clean(self, value):
        names = lines(super().clean(value))
        if len(names) > MOST_TAGS:
            raise ValidationError(f"A story has at most {MOST_TAGS} tags.")
        for name in names:
            if len(name) > LONGEST_NAME:
                raise ValidationError(f"“{name[:60]}…” can't be a tag: it has more than {LONGEST_NAME} characters.")
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
        return [str(tag) for tag in initial or []] != lines(data or "")


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
