"""The editors' screens. Rules about stories and tags belong to the models, not here."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy
from taggit.models import Tag as UnusedTag

from . import region
from .story import story_admin
from .tag import tag_admin

# taggit registers an admin for its own tag model, which this site doesn't use.
admin.site.unregister(UnusedTag)
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = gettext_lazy("Newsroom")
# With three models a side menu is not needed, and the story list needs the width.
admin.site.enable_nav_sidebar = False

__all__ = ["region", "story_admin", "tag_admin"]
