"""Addresses of the review and the register."""

from django.urls import path

from accounts.review import views

urlpatterns = [
    path("access-review/", views.review, name="access-review"),
    path("account-register/", views.register_page, name="account-register"),
]
