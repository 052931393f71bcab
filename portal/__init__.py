"""The ground floor: a roof (settings, urls, wsgi, celery, checks) that names apps by string, and a cellar that every floor stands on."""
