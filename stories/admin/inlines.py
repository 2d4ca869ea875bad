"""A table of rows on another thing's form, with each box named for those who can't see the column's heading."""

from django.contrib import admin


class LabelledTabularInline(admin.TabularInline):
    extra = 0

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs["aria-label"] = db_field.verbose_name.capitalize()
        return field
