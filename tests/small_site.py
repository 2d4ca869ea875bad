"""A small site with one page of each kind that readers can reach."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from stories.models import PreviewLink, Status, Tag
from tests.cast import draft, person, region, story

BODY = (
    "<p>The <strong>ferry</strong> is <em>back</em>,<br>says <a href='https://example.org/?a=1&b=2'>its owner</a>.</p>"
    "<ul><li><p>at seven</p><ol start='3'><li><p>from the quay</p></li></ol></li></ul><blockquote><p>“At last!”</p></blockquote>"
)


def small_site() -> dict[str, str]:
    """Return {name: path} of every public HTML page."""
    coast = Tag.objects.create(name="Coast", description="Where the “land” ends & the sea begins.")
    coast.aliases.create(name="Shore")
    for number in range(23):
        at = timezone.now() - timedelta(days=3 * number, hours=1)
        story(f"Boat {number}", tags=["Coast", f"Boat {number}"], region=region(("Europe", "Asia")[number % 2]), at=at)
    ferry = story(
        "Ferry returns & stays", body=BODY, byline="Rosa <R.>", tags=["Coast", "Россия", "a&b"], import_ref="k2:17"
    )
    ferry.sources.create(url="https://www.example.org/ferry?a=1&b=2", label="Harbour <Office>")
    story("Ferry sinks", status=Status.WITHDRAWN, at=timezone.now(), first_published_at=timezone.now())
    story("Old", tags=["Coast"], at=datetime(2019, 3, 1, tzinfo=UTC))
    return PAGES | {
        "a shared preview": preview_path(draft(body=BODY, tags=["Coast"])),
        "a closed preview": preview_path(draft("Beacon"), is_open=False),
    }


def preview_path(one, is_open=True) -> str:
    by = person(f"writer of {one.pk}", "Writers")
    link = PreviewLink.objects.make(one, by=by, lasts=timedelta(days=7 if is_open else -1))
    return link.get_absolute_url()


PAGES = {
    "the front page": "/",
    "a later front page": "/?page=2",
    "the front page between two days": "/?since=2019-01-01&until=2020-01-01",
    "a month": "/archive/2019/03/",
    "a tag": "/tags/coast/",
    "a tag in another script": "/tags/россия/",
    "a tag in a region": "/tags/coast/?region=europe",
    "a tag in a month": "/tags/coast/2019/03/",
    "a tag on days without stories": "/tags/coast/?until=2018-01-01",
    "a region": "/regions/europe/",
    "a region with a tag": "/regions/europe/?tag=coast",
    "a region in a month": "/regions/europe/2019/03/",
    "an invalid filter": "/regions/europe/?tag=nothing",
    "a story": "/stories/ferry-returns-stays/",
    "a story without related ones": "/stories/old/",
    "a story that was withdrawn": "/stories/ferry-sinks/",
    "a path of nothing": "/nothing/",
    "an empty search": "/search/",
    "a search with hits": "/search/?q=boat",
    "a filtered search": "/search/?q=boat&tag=coast&region=europe",
    "a search without hits": "/search/?q=boot",
    "a search with invalid filters": "/search/?q=boat&region=nowhere&month=x",
    "the tags": "/tags/",
    "tags with a text in their names": "/tags/?q=boat",
    "no tags with a text in their names": "/tags/?q=zeppelin",
}
