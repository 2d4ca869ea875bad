"""Names for the boxes in tables, for those who can't see the heading of the column."""

from django.contrib import admin


class LabelledBoxes:
    """For a ModelAdmin or inline whose fields stand in the rows of a table."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs["aria-label"] = db_field.verbose_name.capitalize()
        return field


class LabelledTabularInline(LabelledBoxes, admin.TabularInline):
    extra = 0
