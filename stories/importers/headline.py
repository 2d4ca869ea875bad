"""A headline for a story that came without one: its first sentence, or as much of it as a headline holds."""

import re

from stories.text.normalize import tidy

LONGEST = 80
# A sentence is looked for no further than this; beyond, the headline is cut anyway.
REACH = 500
_STOP = re.compile(r"[.!?…][\"'’”»)\]]*\s+(?=[\"'‘“«(\[]*(?P<next>.))")
_ABBREVIATION = re.compile(r"(?:\b\w|\.\w|\b(?:Mr|Mrs|Ms|Dr|St|Prof|Gen|Lt|Col|Capt|Sgt|Rev|Sen|Gov|Hon|vs|Jr|Sr))\Z")


def headline_from(text: str) -> str:
    """At most 80 characters: the first sentence without its full stop, else cut at a word and ended by “…”."""
    sentence = _first_sentence(tidy(text[:REACH]))
    if sentence.endswith(".") and not sentence.endswith(".."):
        sentence = sentence[:-1]
    if len(sentence) <= LONGEST:
        return sentence
    cut = sentence[:LONGEST].rpartition(" ")[0] or sentence[: LONGEST - 1]
    return cut.rstrip(" ,;:–—-(‘“\"'") + "…"


def _first_sentence(text):
    for stop in _STOP.finditer(text):
        if not stop["next"].islower() and not _ABBREVIATION.search(text[: stop.start()]):
            return text[: stop.end()].rstrip()
    return text
