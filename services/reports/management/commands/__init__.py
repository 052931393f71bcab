"""Commands for a shell: `manage.py NAME`."""
