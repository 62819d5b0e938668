import os

import django
from django.core.wsgi import get_wsgi_application

from ikz_portal import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikz_portal.settings")

django.setup(set_prefix=False)
checks.erzwingen()
application = get_wsgi_application()
