"""Merging two editors' snapshots, and the shape of a snapshot, without a database."""

from django.test import SimpleTestCase

from stories.models.snapshot import empty_snapshot, format_minute, is_snapshot, merge, upgrade_snapshot
from tests.cast import NOON

EMPTY = empty_snapshot()


def merged(field, base, theirs, mine):
    """Return (value, names of the fields in conflict) after two changes of one field."""
    result, conflicts = merge(*({**EMPTY, field: value} for value in (base, theirs, mine)))
    return result[field], conflicts


class ValueTest(SimpleTestCase):
    def test_the_change_of_either_is_kept(self):
        self.assertEqual(merged("headline", "a", "a", "b"), ("b", []))
        self.assertEqual(merged("headline", "a", "b", "a"), ("b", []))
        self.assertEqual(merged("headline", "a", "a", "a"), ("a", []))

    def test_two_different_changes_conflict_and_mine_is_kept(self):
        self.assertEqual(merged("headline", "a", "theirs", "mine"), ("mine", ["headline"]))
        self.assertEqual(merged("headline", "a", "same", "same"), ("same", []))

    def test_fields_merge_apart(self):
        theirs, mine = {**EMPTY, "headline": "x", "byline": "t"}, {**EMPTY, "region": "y", "byline": "m"}
        result, conflicts = merge(EMPTY, theirs, mine)
        self.assertEqual((result["headline"], result["region"], result["byline"]), ("x", "y", "m"))
        self.assertEqual((conflicts, result.keys()), (["byline"], EMPTY.keys()))


class ListTest(SimpleTestCase):
    def test_tags_that_either_added_or_removed_are_so(self):
        for base, theirs, mine, result in (
            ("abc", "abcd", "abc", "abcd"), ("abc", "abc", "abcd", "abcd"), ("abc", "ab", "abc", "ab"),
            ("abc", "abc", "ab", "ab"), ("abc", "abd", "bce", "bed"), ("ab", "ba", "ab", "ab"), ("ab", "ab", "ba", "ba"),
            ("", "x", "x", "x"), ("a", "", "", ""), ("", "xy", "yz", "yzx"),
        ):  # fmt: skip
            with self.subTest(base=base, theirs=theirs, mine=mine):
                self.assertEqual(merged("tags", list(base), list(theirs), list(mine)), (list(result), []))

    def test_labels_of_sources_merge_by_url(self):
        for base, theirs, mine, result in (
            ([], [["u", "t"]], [["v", "m"]], [["v", "m"], ["u", "t"]]),
            ([["u", ""]], [["u", "t"]], [["u", ""]], [["u", "t"]]),
            ([["u", ""]], [["u", ""]], [["u", "m"]], [["u", "m"]]),
            ([["u", ""], ["v", ""]], [["v", ""]], [["u", ""], ["v", "m"]], [["v", "m"]]),
            ([["u", ""]], [["u", "same"]], [["u", "same"]], [["u", "same"]]),
        ):
            with self.subTest(base=base, theirs=theirs, mine=mine):
                self.assertEqual(merged("sources", base, theirs, mine), (result, []))

    def test_two_labels_of_a_source_conflict(self):
        value, conflicts = merged("sources", [["u", ""], ["v", ""]], [["u", "t"], ["v", ""]], [["u", "m"], ["v", ""]])
        self.assertEqual((value, conflicts), ([["u", "m"], ["v", ""]], ["sources"]))
        self.assertEqual(merged("sources", [], [["u", "t"]], [["u", "m"]])[1], ["sources"])

    def test_a_source_removed_and_relabelled_conflicts(self):
        self.assertEqual(merged("sources", [["u", ""]], [], [["u", "m"]])[1], ["sources"])
        self.assertEqual(merged("sources", [["u", ""], ["v", ""]], [["u", "t"]], [["v", ""]])[1], ["sources"])
        self.assertEqual(merged("sources", [["u", ""]], [], [["u", ""]]), ([], []))


class ShapeTest(SimpleTestCase):
    def assert_shapes(self, is_right, field, *values):
        for value in values:
            self.assertIs(is_snapshot({**EMPTY, field: value}), is_right, (field, repr(value)[:60]))

    def test_a_text_has_no_character_that_a_database_refuses(self):
        self.assert_shapes(True, "headline", "", "Ferry\n\x01", "é" * 10_000)
        self.assert_shapes(False, "headline", None, 1, ["x"], "a\x00", "\ud800", "a\udfffb")

    def test_lists_have_up_to_a_thousand_items_of_their_kind(self):
        self.assert_shapes(True, "tags", [], ["a"], ["a"] * 1_000)
        self.assert_shapes(False, "tags", None, "a", [1], ["a", None], ["a\x00"], ["a"] * 1_001, ("a",))
        self.assert_shapes(True, "sources", [], [["u", "l"]], [["u", "l"]] * 1_000)
        self.assert_shapes(False, "sources", ["u"], [["u"]], [["u", "l", "x"]], [["u", 1]], [["u", "l"]] * 1_001, [[]])

    def test_a_date_is_empty_or_a_moment(self):
        self.assert_shapes(True, "published_at", "", "2026-06-15T12:00+00:00", "0001-01-02T00:00+00:00")
        self.assert_shapes(
            False, "published_at", None, "soon", "2026-02-30T12:00+00:00", "9999-12-31T23:59-14:00", "\x00"
        )

    def test_only_a_whole_snapshot_is_one(self):
        self.assertIs(is_snapshot(EMPTY), True)
        for value in (None, [], "", {}, {name: EMPTY[name] for name in [*EMPTY][1:]}):
            self.assertIs(is_snapshot(value), False, value)

    def test_an_old_snapshot_is_completed_and_anything_else_left(self):
        self.assertEqual(upgrade_snapshot({"headline": "Ferry"}), EMPTY | {"headline": "Ferry"})
        self.assertEqual(upgrade_snapshot(EMPTY | {"unknown": "\ud800"}), EMPTY)
        self.assertEqual([upgrade_snapshot(value) for value in (None, [1], "x")], [None, [1], "x"])

    def test_a_moment_is_cut_to_the_minute_in_utc(self):
        self.assertEqual(format_minute(NOON.replace(second=59, microsecond=1)), "2026-06-15T12:00+00:00")
        self.assertEqual(format_minute(None), "")
