"""Address of the demonstration's mailbox."""

from django.urls import path

from portal.outbox.mailbox import views

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("gallery/", views.gallery, name="mailbox-gallery"),
    path("gallery/<slug:kind>/<int:number>/<slug:language>/", views.gallery_html, name="mailbox-gallery-html"),
    path("<int:pk>/", views.html_part, name="mailbox-html"),
]
