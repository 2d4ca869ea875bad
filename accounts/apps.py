"""App configurations: accounts, and the admin with this newsroom's own site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    name = "accounts"
    default = True

    def ready(self) -> None:
        from . import receivers  # noqa: F401 (importing it connects the signals; models are loaded only now)


class NewsroomAdminConfig(admin.AdminConfig):
    default = False
    default_site = "accounts.site.NewsroomSite"
