from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import views


class SlugOrName(StringConverter):
    """Any one part of a path: former names may hold anything, but for NUL, which PostgreSQL can't even be asked for."""

    regex = r"[^/\x00]+"


register_converter(SlugOrName, "slug_or_name")

app_name = "stories"

urlpatterns = [
    path("", views.FrontPage.as_view(), name="front"),
    path("tags/", views.TagIndex.as_view(), name="tags"),
    path("tags/<slug_or_name:slug>/", views.TagPage.as_view(), name="tag"),
    path("regions/<slug_or_name:slug>/", views.RegionPage.as_view(), name="region"),
    path("stories/<slug_or_name:slug>/", views.StoryPage.as_view(), name="story"),
]
