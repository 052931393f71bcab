"""Addresses of the change of Exams Officer."""

from django.urls import path

from accounts.succession import views

urlpatterns = [
    path("exams-officer/", views.change_page, name="change-exams-officer"),
    path("exams-officer/withdraw/", views.withdraw_page, name="change-exams-officer-withdraw"),
    path("exams-officer/confirm/", views.confirm_page, name="confirm-exams-officer"),
]
