FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --create-home --uid 1000 newsdesk
WORKDIR /app

COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt

COPY --chown=newsdesk:newsdesk . .
# Static files are collected at build time: their names contain a hash of their content, so they never change later.
RUN SECRET_KEY=unused-while-building ALLOWED_HOSTS=unused python manage.py collectstatic --noinput --verbosity 0

USER newsdesk
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:' + __import__('os').environ.get('PORT', '8000') + '/livez')"]
CMD ["bin/start"]
