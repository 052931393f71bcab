"""Settings, from the environment only (contract.md). Unset means the embedded default; production refuses what is missing or weak."""

import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import database_url, limits, mail_url
from portal.env import Environment
from portal.web.headers import static_headers

# Lets Django's generic classes carry their types at run time too.
django_stubs_ext.monkeypatch()

BASE_DIR: Final = Path(__file__).resolve().parent.parent
VAR_DIR: Final = BASE_DIR / "var"

env = Environment()
PORTAL_ENV: Final = env.kind
DEMO: Final = PORTAL_ENV == "demo"
TESTING: Final = PORTAL_ENV == "test"
DEBUG = False
# Which program this is: `manage.py` may take its time with a migration, a worker with a statement, the web may not (P24).
_program = Path(sys.argv[0])
COMMAND: Final = _program.name == "manage.py"
WORKER: Final = "celery" in {_program.name, _program.parent.name}

_UNSAFE_KEY: Final = "only-for-demo-and-tests-never-for-real-people-0123456789"
_secret_keys = env.keys("SECRET_KEY", _UNSAFE_KEY)
SECRET_KEY = _secret_keys[0] if _secret_keys else ""
SECRET_KEY_FALLBACKS = [*_secret_keys[1:], *env.keys("SECRET_KEY_FALLBACKS", "", needed=False)]
ENCRYPTION_KEYS = env.keys("ENCRYPTION_KEYS", _UNSAFE_KEY)
METRICS_TOKENS = env.keys("METRICS_TOKEN", "", needed=False)
WEBHOOK_SECRETS = env.keys("WEBHOOK_SECRET", _UNSAFE_KEY)

PORTAL_BASE_URL = env.base_url()
ALLOWED_HOSTS = env.hosts()
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "portal-no-reply@wjec.co.uk")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
HELP_EMAIL = env.text("HELP_EMAIL", "portal@wjec.co.uk")
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL", "ithelpdesk@wjec.co.uk")

# --- what runs -------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "portal.web",
    "portal.outbox",
    "portal.outbox.webhooks",
    "portal.audit",
    "portal.ratelimit",
    "portal.readiness",
    "portal.pages",
    "permissions",
    "accounts",
    "services.exams",
    "services.releases",
    "services.files",
    "services.basedata",
    "services.home",
    "services.a2c",
    "services.entries",
    "services.marks",
    "services.arrangements",
    "services.results",
    "services.results.publishing",
    "services.reports",
    "services.scripts",
    "services.resources",
    "services.dates",
    "portal.web.admin_site.PortalAdminConfig",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "csp",
]
MIDDLEWARE = [
    "portal.web.headers.HeadersMiddleware",
    "portal.web.csp.PolicyMiddleware",
    "portal.web.headers.InTheClearMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.web.headers.DoorMiddleware",
    "portal.web.static_files.StaticFilesMiddleware",
    "portal.web.body.BodyLimitMiddleware",
    "portal.web.well_formed.WellFormedMiddleware",
    "portal.web.origin.OriginMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.middleware.SessionLifeMiddleware",
    "permissions.middleware.CentreMiddleware",
    "accounts.signin.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["permissions.templatetags.centre_mark"],  # writes the centre beside the token of each form (A78)
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.context.page",
            ],
        },
    },
]

# --- where it is kept --------------------------------------------------------
_statement_seconds = 0 if COMMAND else limits.P24_STATEMENT_WORKER_SECONDS if WORKER else limits.P24_STATEMENT_WEB_SECONDS
_read_database = partial(database_url.read, production=env.production, statement_seconds=_statement_seconds)
DATABASES: dict[str, Any] = {
    "default": env.address("DATABASE_URL", database_url.sqlite(VAR_DIR / "portal.sqlite3"), _read_database),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL")
# Where work is announced; Redis does as well, so this names another broker only (amqp://user:password@host:5672//).
BROKER_URL = env.text("BROKER_URL", REDIS_URL)
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": limits.P24_PUBLISH_SECONDS, "socket_connect_timeout": limits.P24_PUBLISH_SECONDS},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
DATA_UPLOAD_MAX_MEMORY_SIZE = limits.P21_FORM_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = limits.P21_FIELDS
DATA_UPLOAD_MAX_NUMBER_FILES = limits.P21_FILES
FILE_UPLOAD_MAX_MEMORY_SIZE = limits.P21_FORM_BYTES

# --- who you are ---------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# MFA-5: Exams Officers and Admins must have an app, texts or a passkey; e-mail alone is not enough for them.
DEMAND_STRONG_MFA = env.flag("DEMAND_STRONG_MFA")
# P3: a list of breached passwords counts if the operator has put it there (docs/operations.md).
BREACHED_PASSWORDS = VAR_DIR / "breached-passwords.txt"
PASSWORD_HASHERS = ["accounts.passwords.hasher.PortalArgon2"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
SESSION_ENGINE = "accounts.sessions.store"
SESSION_COOKIE_AGE = int(timedelta(hours=limits.P18_ABSOLUTE_HOURS).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- what goes over the wire -----------------------------------------------------
_secure = PORTAL_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-portal_session" if _secure else "portal_session"
CSRF_COOKIE_NAME = "__Host-portal_csrf" if _secure else "portal_csrf"
BROWSER_COOKIE_NAME = "__Host-portal_browser" if _secure else "portal_browser"
CSRF_FAILURE_VIEW = "portal.pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PORTAL_BASE_URL]
SECURE_SSL_REDIRECT = _secure
SECURE_REDIRECT_EXEMPT = [r"^live$", r"^ready$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- languages and times -----------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("cy", _("Welsh"))]
LANGUAGE_COOKIE_NAME = "__Host-portal_language" if _secure else "portal_language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/London"

# --- files of others --------------------------------------------------------------------
# Scripts and papers, by id; with FILES_ACCEL the reverse proxy serves them from there (X-Accel-Redirect).
FILES_DIR = Path(env.text("FILES_DIR", str(VAR_DIR / "files")))
FILES_ACCEL = env.text("FILES_ACCEL").rstrip("/")
# A130: clamd's address, tcp://host:3310 or unix:///path. Unset: files stay in quarantine and nobody is served one.
SCANNER_URL = env.scanner("SCANNER_URL")

# --- static files ---------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
_static_storage = (
    "django.contrib.staticfiles.storage.StaticFilesStorage" if TESTING else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers

# --- messages ------------------------------------------------------------------------------
_mail = env.address("EMAIL_URL", "", partial(mail_url.read, testing=TESTING))
EMAIL_BACKEND = _mail.backend
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.ssl
EMAIL_FILE_PATH = _mail.folder or None
EMAIL_TIMEOUT = limits.P24_PROVIDER_SECONDS
ANYMAIL = {
    **_mail.anymail,
    "REQUESTS_TIMEOUT": limits.P24_PROVIDER_SECONDS,
    "WEBHOOK_SECRET": [f"portal:{secret}" for secret in WEBHOOK_SECRETS],
}
SMS_URL = env.text("SMS_URL", needed=True)

SMS_BUDGET_PER_DAY = limits.P16_SMS_BUDGET_PER_DAY

# Which queue each kind of message leaves by; an unknown kind is refused (portal.outbox.put).
MESSAGE_QUEUES: dict[str, str] = {
    **dict.fromkeys(("sign_in_code", "factor_code", "reset_code", "reset_not_activated", "email_change_code"), "codes"),
    **dict.fromkeys(("invite", "invite_again", "invite_existing", "invite_reminder"), "bulk"),
    **dict.fromkeys(
        (
            "access_answered", "access_changed", "access_requested", "access_review_due", "account_deleted", "account_frozen",
            "email_change_taken", "email_changed_new", "email_changed_old",
            "factor_changed", "hold_started", "invite_bounced", "invite_locked", "invite_withdrawn", "new_sign_in", "number_replaced",
            "password_changed", "password_locked", "place_suspended", "recovery_code_used", "recovery_codes_made", "role_changed", "succession_confirm",
            "succession_news", "test_email", "wrong_factor",
        ),
        "notices",
    ),
}  # fmt: skip

TIMETABLE: dict[str, tuple[str, int]] = {
    "outbox-sweep": ("portal.outbox.hand_out.sweep", limits.P23_SWEEP_SECONDS),
    "outbox-leases": ("portal.outbox.hand_out.take_up", limits.P23_LEASES_SECONDS),
    "outbox-expiry": ("portal.outbox.claim.expire_due", limits.P23_EXPIRY_SECONDS),
    "signs-purge": ("portal.outbox.canary.purge_old", 3600),
    "invite-reminders": ("accounts.invites.reminders.send_due", 3600),
    "review-reminders": ("permissions.review.reminders.send_due", 600),
    "invite-files-purge": ("accounts.invites.bulk.flow.purge_expired", 3600),
    "successions-expiry": ("accounts.succession.expiry.end_due", 3600),
    "sessions-purge": ("accounts.sessions.store.purge_expired", 3600),
    "codes-purge": ("accounts.codes.flow.purge_expired", 3600),
    "staff-files": ("services.publishing.work.work_due", limits.SVC5_IMPORT_WAKE_SECONDS),
    "staff-files-purge": ("services.publishing.flow.forget_old", 3600),
    "basedata-files-purge": ("services.basedata.waiting.forget_old", 3600),
    "resource-zips-purge": ("services.resources.zipped.forget_old", limits.SVC8_ZIP_PURGE_SECONDS),
    "files-strays": ("services.files.strays.sweep", 3600),
    "files-scan": ("services.files.scanning.scan_waiting", limits.A130_SCAN_SECONDS),
    "audit-chain": ("portal.audit.chain.lengthen", limits.AUDIT_CHAIN_SECONDS),
    "webhooks-apply": ("portal.outbox.webhooks.flow.apply_waiting", limits.WEBHOOK_APPLY_SECONDS),
    "webhooks-purge": ("portal.outbox.webhooks.flow.purge_old", 3600),
    "counters-purge": ("portal.ratelimit.allow.purge_old", 3600),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.web.log_line.JsonLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "apprise": {"level": "ERROR"},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # warns of each HEAD, whose body Django leaves to the server to drop
    },
}

env.refuse_when_wrong()

import portal.checks  # noqa: E402,F401  (registers what `manage.py check` asks besides)
