"""Addresses of inviting people. An id is that of the place at the centre, the same before and after the invite is accepted."""

from django.urls import path

from accounts.invites import views, waiting_views
from accounts.invites.bulk import views as bulk_views

urlpatterns = [
    path("manage-users/invite/", views.invite_page, name="invite-user"),
    path("manage-users/invite/check/", views.check_page, name="invite-check"),
    path("manage-users/invite/many/", bulk_views.file_page, name="invite-many"),
    path("manage-users/invite/many/template/", bulk_views.template_file, name="invite-many-template"),
    path("manage-users/invite/many/<slug:batch>/", bulk_views.batch_page, name="invite-many-check"),
    path("manage-users/invite/many/<slug:batch>/list/", bulk_views.batch_list, name="invite-many-list"),
    path("manage-users/withdrawn/", waiting_views.withdrawn_page, name="invites-withdrawn"),
    path("manage-users/<uuid:pk>/resend/", waiting_views.resend_page, name="invite-resend"),
    path("manage-users/<uuid:pk>/correct/", waiting_views.correct_page, name="invite-correct"),
    path("manage-users/<uuid:pk>/withdraw/", waiting_views.withdraw_page, name="invite-withdraw"),
]
