from django.test import TestCase

from stories.models import Tag
from tests.cast import story


class TagsOfAStoryTest(TestCase):
    def names(self, one):
        return [tag.name for tag in one.tags_in_order]

    def test_a_string_is_any_name_of_a_tag(self):
        tag = Tag.objects.create(name="Kiev")
        tag.name = "Kyiv"
        tag.save()
        one = story()
        one.tags.add(" KIEV ", "Coast", "coast")
        self.assertEqual(self.names(one), ["Kyiv", "Coast"])

    def test_a_tag_is_removed_by_any_name(self):
        one = story(tags=["Coast", "Ships"])
        one.tags.remove("COAST")
        self.assertEqual(self.names(one), ["Ships"])
        one.tags.remove("Nothing of the kind")
        self.assertEqual(self.names(one), ["Ships"])

    def test_set_leaves_just_what_is_given(self):
        one = story(tags=["Coast", "Ships"])
        one.tags.set(["ships", Tag.objects.create(name="Rivers")])
        self.assertEqual(self.names(one), ["Ships", "Rivers"])
