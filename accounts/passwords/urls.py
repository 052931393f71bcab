"""Address of changing one's password."""

from django.urls import path

from accounts.passwords import views

urlpatterns = [path("security/password/", views.change_page, name="change-password")]
