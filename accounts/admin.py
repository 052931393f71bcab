"""People and invites in the help desk's admin: to find and to help, never to read a secret or act as somebody (HELP-1)."""

from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.helpdesk.invitation_admin import InvitationAdmin
from accounts.helpdesk.person_admin import PersonAdmin
from accounts.helpdesk.reset_admin import FactorResetAdmin
from accounts.helpdesk.succession_admin import SuccessionAdmin
from accounts.models import FactorReset, Invitation, Succession, User

# Django's page for groups changes rights without an event of ours (AUD).
admin.site.unregister(Group)
admin.site.register(User, PersonAdmin)
admin.site.register(Invitation, InvitationAdmin)
admin.site.register(FactorReset, FactorResetAdmin)
admin.site.register(Succession, SuccessionAdmin)
