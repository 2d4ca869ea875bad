"""Django settings for every installation; what differs between them is read from environment variables.

DEBUG is off by default, so that a forgotten variable is safe. `make run` writes a `.env` that turns it on.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from .environment import Env
from .inlined import make_csp_hash, read_minified

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
# Variables that are set already take precedence over the file.
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str(
    "SECRET_KEY",
    "only-for-debugging-on-a-developer's-machine" if DEBUG else None,
    reason="Production needs a long random value, such as from `openssl rand -base64 60`. To try Newsdesk, set DEBUG=1.",
)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    ["localhost", "127.0.0.1", "[::1]"] if DEBUG else None,
    reason="Production needs the site's host names, separated by commas. Example: ALLOWED_HOSTS=news.example.org",
)
CSRF_TRUSTED_ORIGINS = env.list(
    "CSRF_TRUSTED_ORIGINS", [], prefixes=("https://", "http://"), example="https://news.example.org"
)
SITE_NAME = env.str("SITE_NAME", "Newsdesk")
SECURITY_CONTACT = env.str(
    "SECURITY_CONTACT", "", prefixes=("mailto:", "https://", "tel:"), example="mailto:security@example.org"
)
globals().update(env.email_url("EMAIL_URL", "consolemail://"))

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
    # After the apps whose admin pages it replaces or removes.
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

DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A deferred transaction fails at its first write if another one has written since its first read.
        # An immediate one waits for its turn.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file: an in-memory database has neither WAL nor a second connection.
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["OPTIONS"] = {
        # Notice within seconds that the server is gone. A busy server may take longer.
        "connect_timeout": 2,
        "tcp_user_timeout": 5_000,
        # Plan a list's queries once per connection: planning costs as much as running them.
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
# If on, staff without a second factor reach no page of the admin but its set-up.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", False)
OTP_TOTP_ISSUER = SITE_NAME
# Number of the newsroom's own proxies in front, each of which appends to X-Forwarded-For.
PROXIES = env.int("PROXIES", 0)

# Count failed logins for each pair of user and IP: an attacker locks out neither the user elsewhere nor other users.
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.site.render_lockout"
AXES_CLIENT_IP_CALLABLE = "accounts.client.client_ip"
# The audit log records logins; a second log would only be another place to look.
AXES_DISABLE_ACCESS_LOG, AXES_ENABLE_ADMIN, AXES_VERBOSE = True, False, False

# Memory of each process for cached pages; 0 turns the cache off. Off while debugging: templates change without a write.
PAGE_CACHE_MEGABYTES = env.int("PAGE_CACHE_MEGABYTES", 0 if DEBUG else 64)
# Seconds that a page may be out of date. 0 reads the site version from the database on each request.
PAGE_CACHE_STALENESS = env.int("PAGE_CACHE_STALENESS", 0)
# Seconds that cached pages are served while the database is down.
PAGE_CACHE_OUTAGE = env.int("PAGE_CACHE_OUTAGE", 60)

FEED_STORIES = env.int("FEED_STORIES", 10, minimum=1, maximum=100)

# One language for the whole site. There is no LocaleMiddleware: cached pages are the same for every reader.
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch"), ("ru", "Русский")]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "en-gb", [code for code, _ in LANGUAGES])
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.time_zone("TIME_ZONE", "Europe/London")
# Overrides for British English. Other languages use the formats that Django has for them.
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

# Public pages contain this style sheet and script. The policy allows them by hash: a nonce would differ on each page,
# and a cached page is the same for all.
INLINED_STYLE, INLINED_SCRIPT = (read_minified(BASE_DIR / "static" / name) for name in ("newsdesk.css", "theme.js"))
# Nothing runs or loads from another host. The nonce and this hash are for the rich-text editor: its import map is an
# inline script, and it adds one <style> whose text never changes.
PROSE_EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE, make_csp_hash(INLINED_SCRIPT)],
        "style-src": [SELF, PROSE_EDITOR_STYLE, make_csp_hash(INLINED_STYLE)],
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

# HTTPS=0 is for trying the production settings on a developer's machine, without a TLS proxy in front.
HTTPS = env.bool("HTTPS", not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

if not DEBUG:
    # Django's default logs errors to the console only in debug; in production it only e-mails ADMINS.
    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
    }
