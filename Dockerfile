# The image of web, worker, beat and set-up; docker-compose.yml says which is which.

# --- what every stage has: Python and Pango, which WeasyPrint loads for the PDFs -----------------
FROM python:3.11-slim-bookworm AS grundlage
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    IKZ_DATEN=/daten

# --- packages and static files; pip and its cache stay behind here --------------------------------
FROM grundlage AS bau
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
RUN pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.lock
WORKDIR /portal
COPY . .
# The key is thrown away with this line and no server is asked: collecting files needs neither.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    DATABASE_URL=postgresql:///ungenutzt REDIS_URL=redis://ungenutzt BASE_URL=https://ungenutzt.invalid \
    python manage.py collectstatic --noinput -v 0 \
    && python -m compileall -q ikz_portal kommunen bestandsaufnahme projekte wissen

# --- what runs: everything belongs to root, the process to a user who may write to /daten/dateien only
FROM grundlage
RUN groupadd --system --gid 10001 ikz \
    && useradd --system --uid 10001 --gid ikz --no-create-home --shell /usr/sbin/nologin ikz \
    && install -d -o ikz -g ikz -m 0750 /daten/dateien
COPY --from=bau /opt/venv /opt/venv
COPY --from=bau /portal /portal
COPY --from=bau /daten /daten
# Fontconfig keeps its cache below XDG_CACHE_HOME; /tmp is the one folder that is writable everywhere.
ENV HOME=/tmp XDG_CACHE_HOME=/tmp
WORKDIR /portal
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/gesund/bereit/', timeout=4)"]
# Sync workers and no --preload: the database pool must not be inherited over a fork. WEB_CONCURRENCY sets their number.
# No access log: its lines hold what people search for. The reverse proxy writes one if wanted.
CMD ["gunicorn", "ikz_portal.wsgi", "--bind=0.0.0.0:8000", "--worker-class=sync", "--worker-tmp-dir=/dev/shm", \
     "--no-control-socket", "--timeout=60", "--max-requests=2000", "--max-requests-jitter=200"]
