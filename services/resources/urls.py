"""Pages of this service."""

from django.urls import path

from services.resources import views

urlpatterns = [
    path("past-papers/", views.past_papers, name="past-papers"),
    path("past-papers/zip/", views.selection, name="past-papers-zip"),
    path("past-papers/file/<uuid:resource>/", views.file, name="past-papers-file"),
    path("past-papers/<slug:subject>/", views.of_subject, name="past-papers-subject"),
]
