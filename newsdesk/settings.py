"""Every setting, for every place it runs: what differs between them comes from the environment.

DEBUG is off unless asked for, so that forgetting it is safe. `make run` writes a `.env` that asks for it.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from . import environment
from .inlined import csp_hash, inlined

BASE_DIR = Path(__file__).resolve().parent.parent
environment.load(BASE_DIR / ".env")

DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.text(
    "SECRET_KEY",
    "only-for-debugging-on-one's-own-machine" if DEBUG else None,
    why="Production needs a long random one (make one with `openssl rand -base64 60`). To try things out, set DEBUG=1.",
)
ALLOWED_HOSTS = environment.words(
    "ALLOWED_HOSTS",
    ["localhost", "127.0.0.1", "[::1]"] if DEBUG else None,
    why="Production needs the site's host names, separated by commas.",
)
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", [])
for _origin in CSRF_TRUSTED_ORIGINS:
    if not _origin.startswith(("https://", "http://")):
        raise ImproperlyConfigured(
            f"CSRF_TRUSTED_ORIGINS must hold addresses like https://example.com, not {_origin!r}."
        )
TIME_ZONE = environment.time_zone("TIME_ZONE", "Europe/London")
SITE_NAME = environment.text("SITE_NAME", "Newsdesk")
SECURITY_CONTACT = environment.text("SECURITY_CONTACT", "")
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("mailto:", "https://", "tel:")):
    raise ImproperlyConfigured(f"SECURITY_CONTACT must begin with mailto:, https:// or tel:, not {SECURITY_CONTACT!r}.")
globals().update(environment.email("EMAIL_URL", "consolemail://"))

INSTALLED_APPS = [
    "taggit",
    "stories",
    "accounts.apps.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_prose_editor",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    # After those whose admin pages it replaces or takes away.
    "accounts",
]

MIDDLEWARE = [
    "newsdesk.middleware.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "newsdesk.middleware.outage.OutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsdesk.middleware.canonical.CanonicalURLMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "newsdesk.urls"
WSGI_APPLICATION = "newsdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": environment.database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A deferred transaction that reads first and writes later fails at once when another has written
        # between; an immediate one waits its turn.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, because an in-memory database knows neither WAL nor two connections.
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["OPTIONS"] = {
        # A server that is gone, not merely busy, is found out within seconds.
        "connect_timeout": 2,
        "tcp_user_timeout": 5_000,
        # It plans a list's queries once for a connection, which costs it as much as answering them.
        "server_side_binding": True,
        "prepare_threshold": 5,
    } | DATABASES["default"].get("OPTIONS", {})
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
SESSION_ENGINE = "accounts.sessions"
# Whether staff must have a second factor, and are let in no further than to its page until they have.
SECOND_FACTOR_REQUIRED = environment.flag("SECOND_FACTOR_REQUIRED", default=False)
OTP_TOTP_ISSUER = SITE_NAME
# How many proxies of our own stand in front, each of which adds to X-Forwarded-For.
PROXIES = environment.number("PROXIES", 0)

# Wrong passwords for one name from one address. Others with that name, and others at that address, are not locked out.
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.site.locked_out"
AXES_CLIENT_IP_CALLABLE = "accounts.client.client_ip"
# The audit log has it all, and its page is the one that operators look at.
AXES_DISABLE_ACCESS_LOG, AXES_ENABLE_ADMIN, AXES_VERBOSE = True, False, False

# Readers' pages in the memory of each process; 0 keeps none. While debugging, templates change without any write.
PAGE_CACHE_MEGABYTES = environment.number("PAGE_CACHE_MEGABYTES", 0 if DEBUG else 64)
# Seconds that a page may be out of date: 0 asks the database for the edition at every request.
PAGE_CACHE_STALENESS = environment.number("PAGE_CACHE_STALENESS", 0)
# Seconds that kept pages are served while the database does not answer.
PAGE_CACHE_OUTAGE = environment.number("PAGE_CACHE_OUTAGE", 60)

FEED_STORIES = environment.number("FEED_STORIES", 10, least=1, most=100)

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = ["newsdesk.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Readers' pages hold these in themselves. The policy lets them in by their hashes: a nonce would be another on each page,
# and a kept page is the same for all.
INLINED_STYLE, INLINED_SCRIPT = inlined(BASE_DIR / "static/newsdesk.css"), inlined(BASE_DIR / "static/theme.js")
# Nothing may run or load that the site did not send itself. The nonce and the hash are for the rich-text
# editor: its import map is an inline script, and it adds one <style> whose text never changes.
PROSE_EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE, csp_hash(INLINED_SCRIPT)],
        "style-src": [SELF, PROSE_EDITOR_STYLE, csp_hash(INLINED_STYLE)],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

# HTTPS=0 is for trying the production settings on one's own machine, where nothing speaks TLS in front.
HTTPS = environment.flag("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

if not DEBUG:
    # Django itself tells the console of errors only in debug, and otherwise only the administrators by e-mail.
    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
    }
