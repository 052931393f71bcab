"""Address of freezing an account."""

from django.urls import path

from accounts.freeze import views

urlpatterns = [
    path("freeze/", views.freeze_page, name="freeze"),
]
