"""The floor of an uncached tag page: one SQL statement and joined strings, the same ten stories, no framework.

It leaves out what a site needs besides: exact pages, filters, addresses that forgive, a chart, security headers.
"""

import os
from html import escape
from threading import local

import psycopg

SQL = """
    SELECT (SELECT sum(stories) FROM stories_monthcount WHERE tag_id = tag.id AND region_id = 0), (
        SELECT json_agg(found) FROM (
            SELECT story.headline, story.slug, story.body, story.byline, story.published_at, region.name, region.slug,
                (SELECT json_agg(json_build_array(tag.name, tag.slug) ORDER BY other.id) FROM stories_storytag AS other
                    JOIN stories_tag AS tag ON tag.id = other.tag_id WHERE other.content_object_id = story.id) AS tags,
                (SELECT json_agg(json_build_array(label, url) ORDER BY position, id) FROM stories_source
                    WHERE story_id = story.id) AS sources
            FROM (
                SELECT content_object_id AS id FROM stories_storytag WHERE tag_id = tag.id AND live_at <= now()
                    ORDER BY live_at DESC, content_object_id DESC LIMIT 10
            ) AS ten JOIN stories_story AS story USING (id) JOIN stories_region AS region ON region.id = story.region_id
            ORDER BY story.live_at DESC, story.id DESC
        ) AS found (headline, slug, body, byline, published_at, region, region_slug, tags, sources)
    ) FROM stories_tag AS tag WHERE slug = %s
"""
STORY = (
    '<article><h2><a href="/stories/{slug}/">{headline}</a></h2><p><time>{published_at}</time> {byline}</p>{body}'
    '<p>Published in <a href="/regions/{region_slug}/">{region}</a></p>'
)
kept = local()


def application(environ, start_response):
    slug = environ["PATH_INFO"].split("/")[2]
    total, stories = connection().execute(SQL, [slug]).fetchone()
    parts = [f"<!doctype html><title>{escape(slug)}</title><h1>Displaying items by tag: {escape(slug)}</h1>"]
    for story in stories:
        tags, sources, body = story.pop("tags"), story.pop("sources") or [], story.pop("body")
        parts.append(STORY.format(body=body, **{name: escape(value) for name, value in story.items()}))
        parts += [f'<a href="{escape(url)}">{escape(label)}</a>' for label, url in sources]
        parts += [f'<a href="/tags/{escape(tag)}/">{escape(name)}</a>' for name, tag in tags]
        parts.append("</article>")
    parts.append(f"<p>Page 1 of {-(-total // 10)}</p>")
    page = "".join(parts).encode()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(page)))])
    return [page]


def connection():
    if not hasattr(kept, "connection"):
        folder, _, name = os.environ["DATABASE_URL"].removeprefix("postgresql://postgres@/").rpartition("/")
        address = f"host={folder} user=postgres dbname={name}"
        kept.connection = psycopg.connect(address, autocommit=True, prepare_threshold=1)
    return kept.connection
