"""The site's language, as pages declare it and as caches of rendered text need it."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar, cast

from django.utils.translation import get_language, get_language_bidi, to_locale

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def language_tag() -> str:
    """Return the site's language as HTML and feeds write it, such as "en-GB"."""
    return to_locale(get_language() or "en").replace("_", "-")


def text_direction() -> str:
    return "rtl" if get_language_bidi() else "ltr"


def cache_by_language(max_entries: int) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Cache a function's results by its arguments, apart for each language: tests and shells switch between languages."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        caches: dict[str | None, Callable[Arguments, Result]] = {}

        @wraps(function)
        def cached(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Result:
            language = get_language()
            if language not in caches:
                caches[language] = cast(Callable[Arguments, Result], lru_cache(max_entries)(function))
            return caches[language](*arguments, **keywords)

        return cached

    return decorate
