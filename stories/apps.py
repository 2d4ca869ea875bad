"""The app that holds the content."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class StoriesConfig(AppConfig):
    name = "stories"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        """Connect what happens before and after migrations. The module imports models, which are loaded only now."""
        from . import triggers  # it imports models, which aren't loaded earlier

        pre_migrate.connect(triggers.drop_before_migrations, sender=self)
        post_migrate.connect(triggers.install_after_migrations, sender=self)
