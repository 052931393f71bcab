"""Addresses of one's own access and of access requests."""

from django.urls import path

from permissions.access_pages import views

urlpatterns = [
    path("my-access/", views.my_access, name="my-access"),
    path("my-access/<uuid:pk>/withdraw/", views.withdraw, name="access-request-withdraw"),
    path("access-requests/", views.request_list, name="access-requests"),
    path("access-requests/<uuid:pk>/", views.answer_page, name="access-request"),
]
