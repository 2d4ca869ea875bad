"""Names for the boxes in tables, for those who can't see the heading of the column."""

from django import forms
from django.contrib import admin


class LabelledBoxes:
    """For a ModelAdmin or inline whose fields stand in the rows of a table."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs["aria-label"] = db_field.verbose_name.capitalize()
        return field


class LabelledFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete"


class LabelledTabularInline(LabelledBoxes, admin.TabularInline):
    formset = LabelledFormSet
    extra = 0
