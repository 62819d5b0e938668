"""All settings of the portal, read from the environment alone (docs/betrieb.md lists the variables)."""

import sys
from pathlib import Path

import structlog
from celery.schedules import crontab
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
    "ikz_portal.basis.middleware.KopfzeilenMiddleware",
    "ikz_portal.betrieb.gesund.GesundMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
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
    "ikz_portal.basis.middleware.AdresseMiddleware",
]

ROOT_URLCONF = "ikz_portal.urls"
FORCE_SCRIPT_NAME = ""  # at the root alone: gunicorn takes a prefix from a header that the client may have written
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
# Ends with the browser, and after so long at the latest. Shorter would end it over a form that is being filled in.
SESSION_COOKIE_AGE = umgebung.zahl("SITZUNG_STUNDEN", 10, mindestens=1) * 3600

# --- accounts -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "kommunen.Konto"
AUTHENTICATION_BACKENDS = ["kommunen.adapter.KontoBackend"]
PASSWORD_HASHERS = ["ikz_portal.basis.passwort.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "ikz_portal.betrieb.demokonten.KeinDemopasswort"},
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
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # a new address leads to a new password: the old one is asked for
ACCOUNT_FORMS = {
    "login": "kommunen.forms.anmelden.AnmeldeForm",
    "reauthenticate": "kommunen.forms.anmelden.BestaetigenForm",
    "add_email": "kommunen.forms.anmelden.AdresseForm",
    "change_password": "kommunen.forms.anmelden.PasswortAendernForm",
    "set_password": "kommunen.forms.anmelden.PasswortSetzenForm",
    "reset_password": "kommunen.forms.anmelden.PasswortVergessenForm",
    "reset_password_from_key": "kommunen.forms.anmelden.PasswortNeuForm",
}
ACCOUNT_RATE_LIMITS = {"reset_password": "10/h/ip,3/h/key"}
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4  # seconds
MFA_ADAPTER = "kommunen.adapter.ZweiterFaktorAdapter"
MFA_FORMS = {
    "authenticate": "kommunen.forms.zweiter_faktor.CodeForm",
    "authenticate_webauthn": "kommunen.forms.zweiter_faktor.PasskeyForm",
    "reauthenticate": "kommunen.forms.zweiter_faktor.CodePruefenForm",
    "reauthenticate_webauthn": "kommunen.forms.zweiter_faktor.PasskeyPruefenForm",
    "activate_totp": "kommunen.forms.zweiter_faktor.AppEinrichtenForm",
    "add_webauthn": "kommunen.forms.zweiter_faktor.PasskeyNeuForm",
    "edit_webauthn": "kommunen.forms.zweiter_faktor.PasskeyUmbenennenForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "IKZ-Portal"
MFA_TOTP_TOLERANCE = 1  # telephones whose clock is half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SICHER  # http://localhost, the demo
ALLAUTH_TRUSTED_PROXY_COUNT = umgebung.zahl("PROXY_ANZAHL", 0)  # whose X-Forwarded-For tells who tries passwords

# --- single sign-on by OpenID Connect: none without OIDC_ISSUER (docs/betrieb.md, „Single sign-on“) --------------
umgebung.gemeinsam("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
OIDC_ISSUER = umgebung.aussteller("OIDC_ISSUER", auch_http=IKZ_DEMO, hoechstens=200)  # the library's column
OIDC_CLIENT_ID = umgebung.text("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = umgebung.text("OIDC_CLIENT_SECRET")
OIDC_NAME = umgebung.text("OIDC_NAME", "Einmalanmeldung")
OIDC_ROLLEN_CLAIM = umgebung.text("OIDC_ROLLEN_CLAIM", "ikz_rolle")
OIDC_ROLLEN = umgebung.zuordnung("OIDC_ROLLEN", ("geschaeftsstelle", "buergermeister", "kontakt", "lesen"))
OIDC_KOMMUNE_CLAIM = umgebung.text("OIDC_KOMMUNE_CLAIM", "ikz_kommune")
OIDC_ZWEITER_FAKTOR = umgebung.ja("OIDC_ZWEITER_FAKTOR")
SOCIALACCOUNT_ADAPTER = "kommunen.oidc.adapter.EinmalanmeldungAdapter"
SOCIALACCOUNT_STORE_TOKENS = False  # they prove who it is, once; nothing is asked of the provider later
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds for each of the four questions of a sign-in

# --- how long personal data stays, in days: proposals until the data protection officer decides ---------------
# (docs/datenschutz.md)
FRISTEN = {
    "konto": umgebung.zahl("FRIST_KONTO_TAGE", 183, mindestens=1),  # six months after it was deactivated
    "einladung": umgebung.zahl("FRIST_EINLADUNG_TAGE", 30, mindestens=1),
    "anmeldung_ip": umgebung.zahl("FRIST_ANMELDUNG_IP_TAGE", 30, mindestens=1),
    "anmeldung": umgebung.zahl("FRIST_ANMELDUNG_TAGE", 90, mindestens=1),
    "nachricht": umgebung.zahl("FRIST_NACHRICHT_TAGE", 30, mindestens=1),
    "protokoll": umgebung.zahl("FRIST_PROTOKOLL_TAGE", 1096, mindestens=1),  # three years
    "fragebogen": umgebung.zahl("FRIST_FRAGEBOGEN_TAGE", 365, mindestens=1),  # after the round
    "meldung": umgebung.zahl("FRIST_MELDUNG_TAGE", 365, mindestens=31),  # what is told again would be told twice
    "lauf": umgebung.zahl("FRIST_LAUF_TAGE", 90, mindestens=2),  # a daily job is known by the row of the day
}

# How many Kommunen a proposed Konstellation has at least.
KONSTELLATION_MINDESTENS = umgebung.zahl("KONSTELLATION_MINDESTENS", 3, mindestens=2)

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
WHITENOISE_ALLOW_ALL_ORIGINS = False  # they serve our own pages
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
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATEI_HOECHSTENS = 50 << 20  # bytes of one file (basis.schleuse)
ANFRAGE_HOECHSTENS = 55 << 20  # bytes of a request with files: not read at all beyond it
FILE_UPLOAD_HANDLERS = [
    "ikz_portal.basis.hochladen.GrenzeHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20  # what is larger waits in the temporary folder, never in memory
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o640, 0o750

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
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 3,
    "max_retries": 1,  # a request doesn't wait for who is away; at once, for a connection that was lost meanwhile
    "interval_start": 0,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "laeufe-kehren": {"task": "ikz_portal.basis.tasks.laeufe_kehren", "schedule": 60.0, "options": {"expires": 55}},
}
CELERY_BEAT_SCHEDULE["fristen-anwenden"] = {  # asked for every hour, done once a day
    "task": "ikz_portal.betrieb.tasks.fristen_taeglich",
    "schedule": 3600.0,
    "options": {"expires": 3500},
}
CELERY_BEAT_SCHEDULE["erhebung-erinnern"] = {  # in the daytime; asked for every hour, done once a day
    "task": "bestandsaufnahme.tasks.erinnerungen_taeglich",
    "schedule": crontab(minute=10, hour="7-19"),
    "options": {"expires": 3500},
}
CELERY_BEAT_SCHEDULE["runde-erinnern"] = {
    "task": "bestandsaufnahme.tasks.rundenerinnerungen_taeglich",
    "schedule": crontab(minute=10, hour="7-19"),
    "options": {"expires": 3500},
}
CELERY_BEAT_SCHEDULE["interessen-ablauf"] = {  # before the mails of the day are collected
    "task": "bestandsaufnahme.tasks.interessen_taeglich",
    "schedule": crontab(minute=30, hour="6-19"),
    "options": {"expires": 3500},
}
CELERY_BEAT_SCHEDULE["meldungen-sammeln"] = {  # asked for every hour, done once a day
    "task": "ikz_portal.startseite.tasks.meldungen_taeglich",
    "schedule": crontab(minute=0, hour="7-19"),
    "options": {"expires": 3500},
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
            "()": "ikz_portal.betrieb.verdecken.Zeile",
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
