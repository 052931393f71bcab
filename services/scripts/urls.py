"""Pages of this service: each twice, for what is released and for what is under embargo."""

from django.urls import path

from services.releases.looking import embargoed, released
from services.scripts import views
from services.scripts.pages import RIGHT

_OF = "<sitting:sitting>/<uuid:script>/"
_PAGES = (
    (f"{_OF}show/", views.shown, "scripts-shown"),
    (f"{_OF}file/", views.file, "scripts-file"),
    (_OF, views.script, "scripts-script"),
    ("<sitting:sitting>/", views.candidates, "scripts-candidates"),
    ("", views.index, "scripts"),
)

urlpatterns = [
    *(path(f"embargo/{where}", embargoed(page, RIGHT), name=f"embargoed-{name}") for where, page, name in _PAGES),
    *(path(where, released(RIGHT)(page), name=name) for where, page, name in _PAGES),
]
