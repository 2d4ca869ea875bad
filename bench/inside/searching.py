"""CPU time of readers' searches: for a common word, a rare phrase, and some harder texts."""

from time import process_time

from django.db import connection
from django.test import Client

from bench.processes import cpu_seconds
from stories.models import Story

ROUNDS, REQUESTS = 5, 20


def figures() -> dict:
    """Return {kind: CPU milliseconds per request}, of this process and the database's, in the cheapest round."""
    headline = Story.objects.published().newest_first()[5_000].headline
    words = headline.split()
    texts = {
        "common": words[0],
        "beginning": words[0][:3],
        "two": f"{words[0]} {words[1]}",
        "rare": f'"{headline}"',
        "tag": "harbour",
        "nothing": "zzyzx",
    }
    client = Client(SERVER_NAME="127.0.0.1")
    return {kind: _cost(client, text) for kind, text in texts.items()}


def _cost(client: Client, text: str) -> float:
    if client.get("/search/", {"q": text}).status_code != 200:
        raise RuntimeError(f"no answer to {text!r}")
    return min(_round(client, text) for _ in range(ROUNDS))


def _round(client: Client, text: str) -> float:
    before = _cpu()
    for _ in range(REQUESTS):
        client.get("/search/", {"q": text})
    return 1000 * (_cpu() - before) / REQUESTS


def _cpu() -> float:
    backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else None
    return process_time() + cpu_seconds(backend)
