"""Languages that a story can be in: their names and writing directions, from Django's table."""

from django.conf.locale import LANG_INFO


def language_choices() -> list[tuple[str, str]]:
    """Return (code, name) of all languages, sorted by their English names."""
    named = {code: info for code, info in LANG_INFO.items() if "name_local" in info}
    by_name = sorted(named.items(), key=lambda item: str(item[1]["name"]))
    return [(code, f"{info['name']} ({info['name_local']})") for code, info in by_name]


def language_attributes(code: str) -> str:
    """Return HTML's `lang` and `dir` for a language, with a space before; nothing for "" or an unknown code.

    Previews show input that nobody has checked, so an unknown code might be markup.
    """
    if code not in LANG_INFO:
        return ""
    return f' lang="{code}" dir="{"rtl" if LANG_INFO[code].get("bidi") else "ltr"}"'
