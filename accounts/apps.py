from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    name = "accounts"
    default = True

    def ready(self):
        from . import receivers as listeners  # noqa: F401 (it connects itself)


class NewsroomAdminConfig(admin.AdminConfig):
    default = False
    default_site = "accounts.site.NewsroomSite"
