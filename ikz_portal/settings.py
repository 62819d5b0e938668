"""All settings of the portal, read from the environment alone (docs/betrieb.md lists the variables)."""

import sys
from pathlib import Path

import structlog
from csp.constants import NONE, SELF

from ikz_portal import umgebung

WURZEL = Path(__file__).resolve().parent.parent
DATEN = Path(umgebung.text("IKZ_DATEN", str(WURZEL / "var"))).resolve()
VERSION = "0.1.0"

DEBUG = umgebung.ja("DEBUG")
IKZ_DEMO = umgebung.ja("IKZ_DEMO")
BASE_URL = umgebung.text("BASE_URL", "http://localhost:8000").rstrip("/")
SICHER = BASE_URL.startswith("https://")
SECRET_KEY = umgebung.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = umgebung.liste("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = umgebung.liste("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = umgebung.liste("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "ikz_portal.betrieb",
    "ikz_portal.startseite",
    "wissen",
    "projekte",
    "bestandsaufnahme",
    "kommunen",
    "ikz_portal.basis",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # allauth's second-factor pages use its filters
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, for FORM_RENDERER
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    *["django_migration_linter"] * (sys.argv[1:2] == ["lintmigrations"]),  # only installed for development
]

MIDDLEWARE = [
    "ikz_portal.betrieb.gesund.GesundMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ikz_portal.basis.middleware.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "ikz_portal.basis.middleware.ProtokollMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kommunen.middleware.ZweiterFaktorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ikz_portal.basis.middleware.MethodeMiddleware",
]

ROOT_URLCONF = "ikz_portal.urls"
WSGI_APPLICATION = "ikz_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WURZEL / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ikz_portal.startseite.kontext.portal",
            ],
            "builtins": ["ikz_portal.basis.templatetags.bausteine", "ikz_portal.basis.templatetags.format"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- database, cache, sessions ------------------------------------------------------------------------------
# Migrations and retention run as the owner of the tables, everything else as the application's own role, where they
# are told apart.
_MIGRATION = sys.argv[1:2] in (["migrate"], ["createcachetable"], ["fristen_anwenden"])
DATABASES = {
    "default": {
        **umgebung.datenbank(*["DATABASE_URL_EIGENTUEMER"] * _MIGRATION, "DATABASE_URL"),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"]["OPTIONS"] |= {"pool": {"min_size": 2, "max_size": 8, "timeout": 10}, "connect_timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # so that trying many addresses doesn't evict the counters of attempts
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- accounts -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "kommunen.Konto"
AUTHENTICATION_BACKENDS = ["kommunen.adapter.KontoBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "kommunen.adapter.KontoAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from an invitation, which proves them
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers; the answer is the same
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the owner is told when password, address or factors change
ACCOUNT_CHANGE_EMAIL = True  # one address at a time; the new one counts when it is confirmed
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the others end: a session carries a hash of the password
ACCOUNT_RATE_LIMITS = {"reset_password": "10/h/ip,3/h/key"}
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4  # seconds
MFA_ADAPTER = "kommunen.adapter.ZweiterFaktorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "IKZ-Portal"
MFA_TOTP_TOLERANCE = 1  # telephones whose clock is half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SICHER  # http://localhost, the demo
ALLAUTH_TRUSTED_PROXY_COUNT = umgebung.zahl("PROXY_ANZAHL", 0)  # whose X-Forwarded-For tells who tries passwords

# --- headers and cookies ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: for the icons inside Bootstrap's own CSS
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SICHER else None
SECURE_SSL_REDIRECT = SICHER
SECURE_HSTS_SECONDS = 31536000 if SICHER else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # a Kreis's other hosts are not ours to decide on
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # subdomains and the browsers' preload list: as above
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SICHER
SESSION_COOKIE_NAME = "__Host-sitzung" if SICHER else "sitzung"
CSRF_COOKIE_NAME = "__Host-csrf" if SICHER else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ikz_portal.startseite.views.fehler.csrf"

# --- language and time --------------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
USE_I18N = True
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# --- files --------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATEN / "static"
STATICFILES_DIRS = [WURZEL / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ikz_portal.basis.statisch.RadFinder",
]
MEDIA_ROOT = DATEN / "dateien"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- mail, jobs, logs ---------------------------------------------------------------------------------------
EMAIL_URL_GESETZT = bool(umgebung.text("EMAIL_URL"))
globals().update(umgebung.post("EMAIL_URL"))
DEFAULT_FROM_EMAIL = umgebung.text("DEFAULT_FROM_EMAIL", "ikz-portal@ikz.example")

CELERY_BROKER_URL = umgebung.text("REDIS_URL", "redis://localhost:6379/0")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long the broker is away
CELERY_TASK_PUBLISH_RETRY = False  # the row is the truth; the sweeper rings again
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 3}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "laeufe-kehren": {"task": "ikz_portal.basis.tasks.laeufe_kehren", "schedule": 60.0, "options": {"expires": 55}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATEN / "beat")

_VORARBEIT: list[structlog.types.Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*_VORARBEIT, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "zeile": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.dev.ConsoleRenderer() if DEBUG else structlog.processors.JSONRenderer(),
            "foreign_pre_chain": _VORARBEIT,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "zeile"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
SENTRY_DSN = umgebung.text("SENTRY_DSN")
