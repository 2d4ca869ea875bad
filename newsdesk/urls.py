from django.contrib import admin
from django.urls import include, path

from newsdesk import site_files

urlpatterns = [
    path("admin/", admin.site.urls),
    path(".well-known/security.txt", site_files.security, name="security"),
    path("manifest.webmanifest", site_files.manifest, name="manifest"),
    path("", include("stories.urls")),
]

handler500 = "newsdesk.outage.unexpected_error"
