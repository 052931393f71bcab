"""Address of the demonstration's mailbox."""

from django.urls import path

from portal.outbox.mailbox import views

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<int:pk>/", views.html_part, name="mailbox-html"),
]
