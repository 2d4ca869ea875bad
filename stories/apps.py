from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class StoriesConfig(AppConfig):
    name = "stories"
    verbose_name = "Newsroom"

    def ready(self):
        from .listings import triggers

        pre_migrate.connect(triggers.take_off, sender=self)
        post_migrate.connect(triggers.put_on, sender=self)
