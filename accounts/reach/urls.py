"""Address of the test e-mail."""

from django.urls import path

from accounts.reach import views

urlpatterns = [
    path("help/test-email/", views.test_email_page, name="test-email"),
]
