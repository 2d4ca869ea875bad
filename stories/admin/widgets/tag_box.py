"""The tag box of the story form: chips with suggestions, or one tag a line without JavaScript."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.models import Tag

MAX_TAGS = 50
MAX_NAME_CHARS = cast(int, Tag._meta.get_field("name").max_length)
# Characters of a wrong name that an error message repeats.
MAX_QUOTED_CHARS = 60


class TagBox(forms.Textarea):
    class Media:
        css = {"all": ["admin/tag-box.css"]}
        js = [
            "admin/elements.js",
            "admin/answers.js",
            *(
                forms.widgets.Script(f"admin/{name}.js", defer=True)
                for name in ("tag-suggestions", "tags-in-text", "tag-box")
            ),
        ]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-tag-box": reverse("admin:stories_tag_suggest"),
            "data-in-text": reverse("admin:stories_tag_in_text"),
            "rows": 4,
        }
        return context

    def format_value(self, value: Any) -> str | None:
        return value if isinstance(value, str) or value is None else "\n".join(str(tag) for tag in value)


class TagsField(forms.CharField):
    """Field that cleans to a list of names. Each is a tag or can become one."""

    widget = TagBox

    def clean(self, value: Any) -> list[str]:
        names = split_lines(super().clean(value))
        if len(names) > MAX_TAGS:
            raise ValidationError(_("Enter at most %(count)s tags.") % {"count": MAX_TAGS})
        for name in names:
            if len(name) > MAX_NAME_CHARS:
                message = _("“%(name)s…” can't be a tag: it has more than %(count)s characters.")
                raise ValidationError(message % {"name": name[:MAX_QUOTED_CHARS], "count": MAX_NAME_CHARS})
        known = Tag.objects.named(names)
        for name in names:
            if name not in known:
                self.check_new(name)
        return names

    def check_new(self, name: str) -> None:
        """Raise ValidationError if there can't be a tag of this name."""
        tag = Tag(name=name)
        try:
            tag.clean_fields(exclude=["slug", "normal"])
            tag.clean()
        except ValidationError as error:
            message = _("“%(name)s” can't be a tag: %(reason)s")
            parts = {"name": name[:MAX_QUOTED_CHARS], "reason": " ".join(error.messages)}
            raise ValidationError(message % parts) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [str(tag) for tag in initial or []] != split_lines(data or "")


def split_lines(text: str) -> list[str]:
    """Return the lines without spaces around them and without empty lines."""
    return [line.strip() for line in text.splitlines() if line.strip()]
