"""Pages of this service."""

from django.urls import path

from services.releases.looking import released
from services.scripts import views

_OF = "<sitting:sitting>/<uuid:script>/"

urlpatterns = [
    path(f"{_OF}show/", released(views.RIGHT)(views.shown), name="scripts-shown"),
    path(f"{_OF}file/", released(views.RIGHT)(views.file), name="scripts-file"),
    path(_OF, released(views.RIGHT)(views.script), name="scripts-script"),
    path("<sitting:sitting>/", released(views.RIGHT)(views.candidates), name="scripts-candidates"),
    path("", released(views.RIGHT)(views.index), name="scripts"),
]
