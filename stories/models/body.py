"""The body's model field. It sanitises as a value is written to the database, so that no write can bypass it."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.forms import Field
from django_prose_editor.fields import ProseEditorField

from stories.text.html import EXTENSIONS, MAX_BODY_CHARS, check_size, sanitise


class BodyField(ProseEditorField):
    default_validators = [check_size]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"extensions": EXTENSIONS, "sanitize": sanitise} | kwargs)

    def formfield(self, **kwargs: Any) -> Field:
        field = super().formfield(**kwargs)
        # Lets static/admin/paste.js refuse a longer paste at once.
        field.widget.attrs["data-longest"] = MAX_BODY_CHARS
        return field

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        cleaned = super().clean(value, model_instance)
        self.validate(cleaned, model_instance)  # sanitising may have left nothing
        return cleaned

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = sanitise(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return super().get_db_prep_save(sanitise(value) if isinstance(value, str) else value, connection)
