"""Labels for form inputs in tables, for screen readers, which don't read the column heading with the input."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import gettext as _


class LabelledInputsMixin(BaseModelAdmin):
    """ModelAdmin or inline whose form fields are shown in the rows of a table."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs["aria-label"] = str(db_field.verbose_name).capitalize()
        return field


class LabelledFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete")


class LabelledTabularInline(LabelledInputsMixin, admin.TabularInline):
    formset = LabelledFormSet
    extra = 0
