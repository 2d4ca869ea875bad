"""What editors use, one file a screen. Rules about stories and tags are the models' own; none is written here."""

from django.conf import settings
from django.contrib import admin
from taggit.models import Tag as UnusedTag

from . import region
from .story import story_admin
from .tag import tag_admin

# taggit brings an admin for a tag model of its own, which nothing here uses.
admin.site.unregister(UnusedTag)
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "Newsroom"
# Three kinds of things need no menu at the side; the story list needs the width.
admin.site.enable_nav_sidebar = False

__all__ = ["region", "story_admin", "tag_admin"]
