"""Lower bound for an uncached tag page: one SQL statement and joined strings, as much HTML as ours, no framework.

It has no other pages, no filters, no redirects from mistyped paths and no security headers.
"""

import os
from collections.abc import Iterable
from datetime import date
from html import escape
from pathlib import Path
from threading import local
from wsgiref.types import StartResponse, WSGIEnvironment

import psycopg

SQL = """
    SELECT (SELECT sum(stories) FROM stories_monthcount WHERE tag_id = tag.id AND region_id = 0), (
        SELECT json_agg(json_build_array(to_char(month, 'YYYY/MM'), stories) ORDER BY month) FROM (
            SELECT month, stories FROM stories_monthcount WHERE tag_id = tag.id AND region_id = 0 AND stories > 0
                ORDER BY month DESC LIMIT 24
        ) AS shown
    ), (
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
    ), (
        SELECT json_agg(json_build_array(region.slug, region.name, counted.stories)) FROM (
            SELECT region_id, sum(stories) AS stories FROM stories_monthcount
                WHERE tag_id = tag.id AND region_id > 0 GROUP BY region_id
        ) AS counted JOIN stories_region AS region ON region.id = region_id
    ), (
        SELECT json_agg(json_build_array(slug, name)) FROM (
            SELECT related.slug, related.name FROM (
                SELECT content_object_id AS id FROM stories_storytag WHERE tag_id = tag.id AND live_at <= now()
                    ORDER BY live_at DESC, content_object_id DESC LIMIT 60
            ) AS newest JOIN stories_storytag AS other ON other.content_object_id = newest.id
                JOIN stories_tag AS related ON related.id = other.tag_id
                WHERE related.id <> tag.id GROUP BY related.id ORDER BY count(*) DESC, name LIMIT 8
        ) AS related
    ) FROM stories_tag AS tag WHERE slug = %s
"""
STYLE, SCRIPT = ((Path(__file__).parent.parent / "static" / name).read_text() for name in ("newsdesk.css", "theme.js"))
HEAD = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{tag} – Newsdesk</title>
<link rel="canonical" href="http://127.0.0.1/tags/{tag}/">
<link rel="next" href="/tags/{tag}/?page=2">
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
<script>{script}</script>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the stories</a>
<header class="masthead">
<p class="masthead-name"><a href="/">Newsdesk</a></p>
<p class="masthead-date">{today} <button type="button" class="theme" aria-label="Switch between light and dark">◐</button></p>
<nav aria-label="Regions">
<ul class="masthead-regions">
<li><a href="/">Latest</a></li>
<li><a href="/regions/worldwide/">Worldwide</a></li>
<li><a href="/regions/europe/">Europe</a></li>
<li><a href="/regions/british-isles/">British Isles</a></li>
<li><a href="/regions/praise-reports/">Praise Reports</a></li>
<li><a href="/tags/">Tags</a></li>
</ul>
</nav>
</header>
<div class="columns">
<main id="main" tabindex="-1">
<header class="list-head">
<h1>Displaying items by tag: {tag}</h1>
<nav class="coverage" aria-labelledby="coverage">
<p id="coverage">Stories by month</p>
<svg viewBox="0 0 240 40" preserveAspectRatio="none">
{bars}</svg>
</nav>
<details class="filter">
<summary>Filter</summary>
<form method="get" action="/tags/{tag}/">
<p><label for="id_since">From</label> <input type="date" name="since" id="id_since"></p>
<p><label for="id_until">To</label> <input type="date" name="until" id="id_until"></p>
<p><label for="id_region">Region</label> <select name="region" id="id_region">
<option value="" selected>All regions</option>
<option value="worldwide">Worldwide</option>
<option value="europe">Europe</option>
<option value="british-isles">British Isles</option>
<option value="praise-reports">Praise Reports</option>
</select></p>
<p><button>Show</button></p>
</form>
</details>
</header>
"""
BAR = (
    '<a href="/tags/{tag}/{month}/"><title>{month}: {stories} stories</title><path class="slot" d="M{x}0 0h10v40h-10z"/>'
    '<path d="M{x}1 {top}h8V40h-8z"/></a>\n'
)
STORY = """<article class="story hue-1" aria-labelledby="story-{slug}">
<header>
<h2 id="story-{slug}"><a href="/stories/{slug}/">{headline}</a></h2>
<p class="dateline"><time datetime="{published_at}">{published_at}</time> {byline}</p>
</header>
<div class="body" dir="auto">{body} See {sources}</div>
<footer>
<p class="region">Published in <a href="/regions/{region_slug}/">{region}</a></p>
<ul class="tags" aria-label="Tags">
{tags}</ul>
</footer>
</article>
"""
SOURCE, TAG = '<a href="{}" rel="external">{}</a>', '<li><a rel="tag" href="/tags/{}/">{}</a></li>\n'
FOOT = """<nav class="pager" aria-label="Pages">
<ul>
<li><a href="/tags/{tag}/" aria-current="page"><span class="visually-hidden">Page </span>1</a></li>
<li><a href="/tags/{tag}/?page=2"><span class="visually-hidden">Page </span>2</a></li>
<li><a href="/tags/{tag}/?page=3"><span class="visually-hidden">Page </span>3</a></li>
<li><a rel="next" href="/tags/{tag}/?page=2">Next</a></li>
<li><a href="/tags/{tag}/?page={last}">Last</a></li>
</ul>
<p>Page 1 of {last}</p>
</nav>
</main>
<aside>
<section aria-labelledby="in-regions"><h2 id="in-regions">{tag} by region</h2>
<ul class="counts">
{regions}</ul></section>
<section aria-labelledby="related-tags"><h2 id="related-tags">Related tags</h2>
<ul class="tags" aria-label="Tags">
{related}</ul></section>
<section aria-labelledby="feeds"><h2 id="feeds">Follow</h2>
<ul class="tags">
<li><a href="/tags/{tag}/feed/">RSS</a></li>
<li><a href="/tags/{tag}/feed/atom/">Atom</a></li>
<li><a href="/tags/{tag}/feed.json">JSON Feed</a></li>
</ul></section>
</aside>
</div>
<footer class="colophon">
<p>Newsdesk · <a href="/tags/">All tags</a></p>
</footer>
</body>
</html>
"""
REGION = '<li class="hue-1"><a href="/tags/{}/?region={}">in {} <span class="count">{} stories</span></a></li>\n'
thread = local()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    tag = environ["PATH_INFO"].split("/")[2]
    [(total, months, stories, regions, related)] = get_connection().execute(SQL, [tag])
    tag, highest = escape(tag), max(number for _, number in months)
    bars = [
        BAR.format(tag=tag, month=month, stories=number, x=x, top=round(38 - 38 * number / highest, 1))
        for x, (month, number) in enumerate(months)
    ]
    head = HEAD.format(tag=tag, bars="".join(bars), script=SCRIPT, style=STYLE, today=date.today())
    foot = FOOT.format(
        tag=tag,
        last=-(-total // 10),
        regions="".join(REGION.format(tag, *map(escape, (slug, name)), number) for slug, name, number in regions),
        related=render_tags(related),
    )
    parts = [head, *map(render_story, stories), foot]
    page = "".join(parts).encode()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(page)))])
    return [page]


def render_story(story: dict) -> str:
    tags, sources, body = story.pop("tags"), story.pop("sources") or [], story.pop("body")
    return STORY.format(
        body=body,
        sources=", ".join(SOURCE.format(escape(url), escape(label)) for label, url in sources),
        tags=render_tags([slug, name] for name, slug in tags),
        **{name: escape(value) for name, value in story.items()},
    )


def render_tags(tags: Iterable[list[str]]) -> str:
    return "".join(TAG.format(escape(slug), escape(name)) for slug, name in tags)


def get_connection() -> psycopg.Connection:
    if not hasattr(thread, "connection"):
        folder, _, name = os.environ["DATABASE_URL"].removeprefix("postgresql://postgres@/").rpartition("/")
        parameters = f"host={folder} user=postgres dbname={name}"
        thread.connection = psycopg.connect(parameters, autocommit=True, prepare_threshold=1)
    return thread.connection
