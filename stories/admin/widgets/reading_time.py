"""Reading time of a body. static/admin/reading-time.js calculates the same while the user types."""

import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stories.text.plain_text import plain

WORDS_PER_MINUTE = 230


def reading_time(body: str) -> str:
    """Return a line such as "460 words, about 2 minutes to read.".

    A word is text between spaces that has at least one letter or digit.
    """
    words = sum(any(map(str.isalnum, word)) for word in plain(body).split())
    minutes = math.ceil(words / WORDS_PER_MINUTE)
    if not words:
        return _("No words yet.")
    return _("%(words)s, about %(minutes)s to read.") % {
        "words": ngettext("%(count)s word", "%(count)s words", words) % {"count": f"{words:,}"},
        "minutes": ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes},
    }
