from django.contrib import admin
from django.urls import include, path

from . import site_files

urlpatterns = [
    path("admin/", admin.site.urls),
    path(".well-known/security.txt", site_files.security, name="security"),
    path("manifest.webmanifest", site_files.manifest, name="manifest"),
    path("", include("stories.public.urls")),
]

handler500 = "newsdesk.middleware.outage.unexpected_error"
