"""A headline for a story without one: its first sentence, cut if it is long."""

import re

from stories.text.normalize import tidy

MAX_HEADLINE_CHARS = 80
# No sentence is looked for beyond this. The headline would be cut anyway.
MAX_SEARCHED_CHARS = 500
_STOP = re.compile(r"[.!?…][\"'’”»)\]]*\s+(?=[\"'‘“«(\[]*(?P<next>.))")
_ABBREVIATION = re.compile(r"(?:\b\w|\.\w|\b(?:Mr|Mrs|Ms|Dr|St|Prof|Gen|Lt|Col|Capt|Sgt|Rev|Sen|Gov|Hon|vs|Jr|Sr))\Z")


def guess_headline(text: str) -> str:
    """Return at most 80 characters: the first sentence without its full stop, or its first words and “…”."""
    sentence = _first_sentence(tidy(text[:MAX_SEARCHED_CHARS]))
    if sentence.endswith(".") and not sentence.endswith(".."):
        sentence = sentence[:-1]
    if len(sentence) <= MAX_HEADLINE_CHARS:
        return sentence
    cut = sentence[:MAX_HEADLINE_CHARS].rpartition(" ")[0] or sentence[: MAX_HEADLINE_CHARS - 1]
    return cut.rstrip(" ,;:–—-(‘“\"'") + "…"


def _first_sentence(text: str) -> str:
    for stop in _STOP.finditer(text):
        if not stop["next"].islower() and not _ABBREVIATION.search(text[: stop.start()]):
            return text[: stop.end()].rstrip()
    return text
