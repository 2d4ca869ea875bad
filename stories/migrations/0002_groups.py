"""The groups Writers and Editors. Permissions come into being after the last migration, so what the groups need is made here."""

from django.db import migrations

WRITERS = {
    "story": ["add", "change", "delete", "view", "submit"],
    "source": ["add", "change", "delete", "view"],
    "region": ["view"],
    "tag": ["add", "view"],
}
EDITORS = {
    "story": ["add", "change", "delete", "view", "submit", "publish"],
    "source": ["add", "change", "delete", "view"],
    "region": ["add", "change", "delete", "view"],
    "regionalias": ["view"],
    "tag": ["add", "change", "delete", "view"],
    "tagalias": ["add", "change", "delete", "view"],
}


def create_groups(apps, schema_editor=None):
    Group = apps.get_model("auth", "Group")
    for name, permissions in (("Writers", WRITERS), ("Editors", EDITORS)):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(permission(apps, model, verb) for model, verbs in permissions.items() for verb in verbs)


def permission(apps, model, verb):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="stories", model=model
    )
    names = {
        "submit": "Can submit own stories for review",
        "publish": "Can edit, publish and withdraw any story",
    }
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=f"{verb}_{model}",
        defaults={"name": names.get(verb, f"Can {verb} {model}")},
    )
    return found


def delete_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=["Writers", "Editors"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0001_tables"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_groups, delete_groups)]
