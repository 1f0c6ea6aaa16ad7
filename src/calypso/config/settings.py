"""The only settings file. With nothing set: the embedded installation (SQLite, local address, mails in the outbox)."""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from calypso.base.business import check_country, parse_dates, parse_days, parse_hours, parse_quiet, parse_thresholds
from calypso.base.colours import parse_colour
from calypso.base.file_types import RUNS
from calypso.config.env import Environment

env = Environment()

# --- State folder, public address, secret ----------------------------------------------------------------------------

VAR = env.path("VAR", Path("var"), "./var", "Folder of all state: database, files, secret, collected static files.")
SITE_URL = env.site(
    "SITE_URL", "http://127.0.0.1:8000", "Public address of the extranet; every link in a mail starts with it."
)
_site = urlsplit(SITE_URL)
SECURE = _site.scheme == "https"
PRODUCTION = env.flag(
    "PRODUCTION", SECURE, "Refuse to start with a setting that is unsafe in public; on by itself for an https address."
)


def _secret_key() -> str:
    """Returns the given secret, else one generated once and kept in the state folder, readable by its owner only."""
    secret = env.secret("SECRET_KEY", "Signs sessions and links. Generated and kept in the state folder when not set.")
    if secret:
        return secret
    path = VAR / "secret"
    if not path.exists():
        new = VAR / f"secret.{secrets.token_hex(4)}"
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        new.rename(path)  # atomic: the file is complete or absent
    return path.read_text(encoding="utf-8")


SECRET_KEY = _secret_key()
COMPILED_QUERIES = env.flag(
    "COMPILED_QUERIES",
    True,
    "Compile the queries of every page once. Off: plain querysets, to compare.",
)
DEBUG = env.flag("DEBUG", False, "Django's debug pages and the component gallery. For developers, never in production.")
ALLOWED_HOSTS = env.hosts(
    "ALLOWED_HOSTS", [], "Further host names the extranet answers to; the one of the public address always is."
) + [_site.hostname or "localhost"]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost"]
TRUSTED_PROXIES = env.networks(
    "TRUSTED_PROXIES",
    [],
    "Addresses or networks of the reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
)

# --- The product's names and limits ----------------------------------------------------------------------------------

PRODUCT_NAME = env.text("PRODUCT_NAME", "Calypso", "Name of the product, on pages and in mails.")
VENDOR_NAME = env.text("VENDOR_NAME", "Léni", "Name of the vendor, on pages and in mails.")
VENDOR_URL = env.text("VENDOR_URL", "", "The vendor's own site, linked in the footer when set.")
SUPPORT_ADDRESS = env.address("SUPPORT_ADDRESS", "support@leni.example", "Where a person in trouble can write.")
LOGO = ""  # chosen at the desk alone: a stored file
ACCENT_COLOUR = env.parsed(
    "ACCENT_COLOUR", "", parse_colour, "Colour of buttons and links, `#0a6e74`, dark enough for white letters."
)
TIME_ZONE = env.zone("TIME_ZONE", "Europe/Paris", "Zone of the calendar day and of every displayed hour.")
BUSINESS_DAYS = env.parsed("BUSINESS_DAYS", "1,2,3,4,5", parse_days, "Days that the team works; 1 is Monday.")
BUSINESS_HOURS = env.parsed(
    "BUSINESS_HOURS", "09:00-18:00", parse_hours, "Hours that the team works: `09:00-12:30,14:00-18:00`, to 24:00."
)
HOLIDAYS = env.parsed(
    "HOLIDAYS",
    "FR",
    check_country,
    "Country whose public holidays the team does not work: FR, BE, CH, LU, MC. Empty: it works them.",
)
QUIET_HOURS = env.parsed(
    "QUIET_HOURS",
    "",
    parse_quiet,
    "Hours during which no notice is sent, `20:00-07:30`; links that somebody asks for are. Empty: none.",
)
CLOSED_DAYS = env.parsed(
    "CLOSED_DAYS", "", parse_dates, "Other days that the team does not work: `2026-12-24,2026-12-31`."
)
DUE_SOON_HOURS = env.number(
    "DUE_SOON_HOURS", 4, "Business hours before a ticket's due time from which the desk shows it as due soon."
)
EVENT_NEAR_DAYS = env.number(
    "EVENT_NEAR_DAYS", 7, "Days before a project's event from which each of its tickets is due soon. 0: never."
)
EVENT_ALERT_DAYS = env.parsed(
    "EVENT_ALERT_DAYS",
    "7,2",
    parse_thresholds,
    "Days before a project's event when the team is mailed, once each, what still waits for it. Empty: never.",
)
REMIND_DAYS = env.number(
    "REMIND_DAYS",
    0,
    "Business days before a silent client is reminded, offered to each new project. 0: no reminder.",
    at_most=60,
)
CLOSED_PAGE_SIZE = env.number("CLOSED_PAGE_SIZE", 5, "Closed tickets a page, under a project.", at_least=1)
LIST_PAGE_SIZE = env.number("LIST_PAGE_SIZE", 25, "Rows a page in the longer lists.", at_least=1)
OPENING_FILES = env.number("OPENING_FILES", 5, "Files when a ticket is opened.", at_least=0)
COMMENT_FILES = env.number("COMMENT_FILES", 5, "Files with one comment.", at_least=0)
CLIENT_TIMES = env.flag(
    "CLIENT_TIMES", False, "Show clients, on a project, how long a ticket takes on each side (median, working days)."
)
TAKE_BACK_SECONDS = env.number(
    "TAKE_BACK_SECONDS",
    10,
    "Seconds during which the author of a closing or a return may take it back, and its mails wait. 0: never.",
    at_most=60,
)
FILE_MAX_MB = env.number("FILE_MAX_MB", 25, "Size of one file, in Mo.", at_least=1)
REFUSED_FILES = frozenset(
    extension.lower().lstrip(".")
    for extension in env.words(
        "REFUSED_FILES",
        RUNS,
        "Extensions of files that are not taken. Those of what runs are known by their bytes too, under any name.",
    )
)
ORGANIZATION_QUOTA_MB = env.number(
    "ORGANIZATION_QUOTA_MB", 5000, "Size of all files of one company, in Mo.", at_least=1
)
DRAFT_QUOTA_MB = env.number(
    "DRAFT_QUOTA_MB", 200, "Size of all files that one person keeps in drafts, in Mo.", at_least=1
)
CLIENT_PASSWORD_POLICY = env.choice(
    "CLIENT_PASSWORD_POLICY",
    "guide",
    ["guide", "cnil"],
    "Rule for clients: 6 characters with a lower-case letter and a digit, or 12 characters. Staff: always 12.",
)
SECOND_FACTOR = env.choice(
    "SECOND_FACTOR",
    "optional",
    ["optional", "staff"],
    "Who must prove more than a password at sign-in: nobody (each chooses), or every member of the team.",
)
KEEP_MAILS_DAYS = env.number("KEEP_MAILS_DAYS", 365, "Days during which a mail that left stays readable.", at_least=1)
KEEP_CLOSED_MONTHS = env.number(
    "KEEP_CLOSED_MONTHS", 0, "Months after which a closed ticket and its files are erased. 0: never."
)
BACKUP_MAX_HOURS = env.number(
    "BACKUP_MAX_HOURS", 0, "Age of the last `calypso backup` beyond which /readyz says ko. 0: not watched."
)
REVEAL_UNKNOWN_ADDRESS = env.flag(
    "REVEAL_UNKNOWN_ADDRESS",
    False,
    "Say on the first-connection page that an address is unknown. Tells who is a client.",
)

# --- Database --------------------------------------------------------------------------------------------------------

_database = env.database(
    "DATABASE_URL",
    f"sqlite:///{VAR / 'calypso.sqlite3'}",
    "sqlite:///<VAR>/calypso.sqlite3",
    "Database address; PostgreSQL as postgres://user:password@host:5432/name?sslmode=verify-full, any option of libpq.",
)
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that reads then writes waits for its turn instead of failing at once (R147).
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
        "PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;",
    }
else:
    _database["CONN_HEALTH_CHECKS"] = True
    # Values are sent apart from statements, which the server plans once a connection: planning took half of its time. A
    # pooler in front of it must keep a connection for a session, or support prepared statements (PgBouncer 1.21).
    _database["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 2}
_database["CONN_MAX_AGE"] = 3600
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Mail ------------------------------------------------------------------------------------------------------------

MAIL_SERVER = env.mail_server(
    "EMAIL_URL",
    "SMTP server: smtp://user:password@host:port, smtp+tls:// or smtps://. Not set: mails wait in the outbox.",
)
MAIL_FROM = env.address("MAIL_FROM", "extranet@leni.example", "Sender's address of every mail.")
REPLY_ADDRESS = env.address(
    "REPLY_ADDRESS",
    "",
    "Where our mails are answered, `tickets@example.org`; its server must take `tickets+anything@`. Not set: nowhere.",
)
MAILBOX = env.mailbox(
    "IMAP_URL",
    "Mailbox that the worker reads: imaps://user:password@host:port/Folder, imap+tls:// or imap://.",
)
MAILBOX_TOKENS = env.token_source(
    "IMAP_OAUTH_URL",
    "Where the token that opens the mailbox is asked, instead of a password (Microsoft 365, Google): "
    "https://client:secret@host/path?scope=…, with &refresh_token=… for a person's mailbox.",
)
MAIL_AUTHSERV = env.text(
    "MAIL_AUTHSERV",
    "",
    "Name of your mail server in Authentication-Results: what it did not authenticate waits for somebody.",
)
MAIL_LEASE = env.number(
    "MAIL_LEASE", 300, "Seconds after which a mail held by a worker that died is sent, or read, again.", at_least=1
)
MAILERS = (
    {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": MAIL_SERVER}}
    if MAIL_SERVER
    else {}
)

SILENCED_SYSTEM_CHECKS = ["mail.W001"]  # no mailer is a supported state: mails wait in the outbox

# --- Background work -------------------------------------------------------------------------------------------------

TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "QUEUES": ["default"],
        "OPTIONS": {
            "MAX_ATTEMPTS": 3,
            "LOCK_TIMEOUT": 120,
            "SCHEDULES": {
                "batches-due": {"task": "calypso.acceptance.actions.publish_due", "every": 60},
                "reminders-due": {"task": "calypso.sla.actions.reminders.remind_due", "every": 300},
                "events-near": {"task": "calypso.sla.actions.event_alerts.tell_events", "every": 3600},
                "pictures-missing": {"task": "calypso.tickets.tasks.ask_for_pictures", "every": 3600},
                "files-sweep": {"task": "calypso.tickets.tasks.sweep_files", "every": 3600},
                "retention": {"task": "calypso.tickets.tasks.retain", "every": 86400},
                "batches-sweep": {"task": "calypso.acceptance.tasks.remove_empty_batches", "every": 86400},
                "orders-sweep": {"task": "calypso.teamwork.actions.orders.sweep_orders", "every": 3600},
                "presences-sweep": {"task": "calypso.teamwork.actions.presence.sweep_presences", "every": 3600},
                "statistics": {"task": "calypso.ops.tasks.refresh_statistics", "every": 86400},
                "tasks-prune": {"task": "calypso.ops.tasks.prune_tasks", "every": 3600},
                "accounts-sweep": {"task": "calypso.accounts.tasks.sweep", "every": 3600},
            },
        },
    }
}

# --- Django ----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_ox",
    "calypso.base",
    "calypso.outbox",
    "calypso.pictures",
    "calypso.accounts",
    "calypso.vendor",
    "calypso.projects",
    "calypso.tickets",
    "calypso.search",
    "calypso.sla",
    "calypso.phases",
    "calypso.acceptance",
    "calypso.teamwork",
    "calypso.reporting",
    "calypso.mailin",
    "calypso.ui",
    "calypso.signin",
    "calypso.portal",
    "calypso.desk",
    "calypso.live",
    "calypso.demo",
    "calypso.ops",
]
MIDDLEWARE = [
    "calypso.ui.middleware.ProxyMiddleware",
    "calypso.ui.middleware.CompressPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "calypso.ui.middleware.HeadersMiddleware",
    "calypso.ui.middleware.LanguageMiddleware",
    "calypso.ui.middleware.RequestContextMiddleware",
    "calypso.ops.middleware.ProbeMiddleware",
    "calypso.signin.middleware.OwnSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "calypso.signin.middleware.SessionLifetimeMiddleware",
    "calypso.signin.impersonation.ImpersonationMiddleware",
    "calypso.ui.middleware.AccountLanguageMiddleware",
    "calypso.ui.middleware.DomainErrorMiddleware",
    "calypso.signin.middleware.UnknownReferenceMiddleware",
    "calypso.signin.middleware.HeldFormMiddleware",
    "calypso.signin.middleware.SecondFactorMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
]
ROOT_URLCONF = "calypso.config.urls"
WSGI_APPLICATION = "calypso.config.wsgi.application"
ASGI_APPLICATION = "calypso.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "calypso.ui.jinja.environment",
            "context_processors": ["calypso.ui.context.page"],
        },
    },
]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
USE_I18N = True
USE_TZ = True
URLIZE_ASSUME_HTTPS = True  # for an address typed without its scheme

# --- Accounts and sessions -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["calypso.accounts.backend.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_RESET_TIMEOUT = 3600  # one hour, by the guide (S20) and the case book (R24); a start-up check requires it
LOGIN_URL = "signin:login"
LOGIN_REDIRECT_URL = "home"

SESSION_ENGINE = "calypso.accounts.session_store"
SESSION_COOKIE_NAME = "__Host-calypso" if SECURE else "calypso"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-calypso-csrf" if SECURE else "calypso-csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "calypso.signin.middleware.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SECURE else []

# --- Headers, uploads, static files ----------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = max(OPENING_FILES, COMMENT_FILES, 50) + 5  # fifty is the most that may be chosen
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # texts that are too long are shown again in their form, up to this size
REQUEST_MAX_BYTES = 2**20 * env.number(
    "REQUEST_MAX_MB",
    max(OPENING_FILES, COMMENT_FILES) * FILE_MAX_MB + 5,
    "Size of one request, all its files together, in Mo; the reverse proxy must let it through.",
    at_least=5,
)

FILES_ROOT = VAR / "files"
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "staticfiles": {"BACKEND": "calypso.ui.staticfiles.Storage"},
}
WHITENOISE_MANIFEST_STRICT = True

# --- Logs ------------------------------------------------------------------------------------------------------------

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"], "Least level written to the log.")
LOGGING_CONFIG = "calypso.base.logs.configure"
LOGGING = {"level": LOG_LEVEL}

# --- What an installation should set ---------------------------------------------------------------------------------

MAIL_FROM_GIVEN = env.is_given("MAIL_FROM")
UNKNOWN_VARIABLES = env.unknown()

# --- What may be chosen at the desk too (decision 29) -----------------------------------------------------------------

VARIABLES = {variable.name: variable for variable in env.variables}
