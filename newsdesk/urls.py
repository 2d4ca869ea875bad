"""URLs of the project: the admin, two fixed files, and the readers' site at the root."""

from django.contrib import admin
from django.urls import include, path

from . import site_files

urlpatterns = [
    path("admin/", admin.site.urls),
    path(".well-known/security.txt", site_files.security, name="security"),
    path("manifest.webmanifest", site_files.manifest, name="manifest"),
    path("", include("stories.public.urls")),
]

handler500 = "newsdesk.middleware.outage.handle_error"
