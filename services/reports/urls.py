"""Pages of this service."""

from django.urls import path

from services.reports import views

urlpatterns = [
    path("grade-boundaries/", views.grade_boundaries, name="grade-boundaries"),
    path("item-level-data/", views.item_level_data, name="item-level-data"),
]
