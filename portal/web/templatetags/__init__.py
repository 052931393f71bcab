"""Template tags, loaded by `{% load portal %}`."""
