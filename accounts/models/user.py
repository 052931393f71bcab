"""The person: one row, one mailbox, one password of their own."""

import unicodedata
import uuid
from typing import Any, ClassVar, Final

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.canonical import canonical_email
from permissions.membership.listing import FIELDS, list_person
from portal import clock
from portal.fixed_query import FixedQuery, Given, columns, instance


class Language(models.TextChoices):
    """The two languages, equal: pages, e-mails and texts follow the choice at once (PRO-1)."""

    ENGLISH = "en", "English"
    WELSH = "cy", "Cymraeg"


def normal_password(raw: str) -> str:
    """Return the one Unicode form (NFKC) of a password, so that a composed and a decomposed ŵ are the same (P1, A158)."""
    return unicodedata.normalize("NFKC", raw)


class UserManager(BaseUserManager["User"]):
    """Make people; the e-mail is always stored in its canonical spelling."""

    def create_user(self, *, email: str, password: str | None, **details: Any) -> "User":
        """Make a person with a password of their own (None leaves it unusable). Raises `BadEmail`."""
        person = self.model(email=canonical_email(email), **details)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, *, email: str, password: str | None = None, **details: Any) -> "User":
        """Make a member of staff with every right in the help desk's admin; MFA is set up at the first sign-in."""
        return self.create_user(email=email, password=password, is_staff=True, is_superuser=True, **details)

    def get(self, *args: Any, **asked: Any) -> "User":
        """Return the one person asked for; whose id this is, every page of theirs asks, by a fixed query. Raises `User.DoesNotExist`."""
        if args or asked.keys() != {"pk"}:
            return super().get(*args, **asked)
        for row in _BY_ID.rows(**asked):
            return instance(self.model, row)
        raise self.model.DoesNotExist("there is no such person")

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by e-mail in any spelling."""
        return self.get(email=canonical_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who has set a password of their own (before that there is only an `Invitation`).

    `held_until`: no embargoed results, A2C keys or Manage Users before this instant (MFA-5). `frozen_at`: they froze their own account;
    the password opens nothing until it is reset.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("Email address"), unique=True, max_length=254)
    title = models.CharField(_("Title"), max_length=30, blank=True)
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Last name"), max_length=80)
    job_role = models.CharField(_("Job role"), max_length=100, blank=True)
    language = models.CharField(_("Language preference"), max_length=2, choices=Language.choices, default=Language.ENGLISH)
    language_chosen_at = models.DateTimeField(null=True, blank=True, editable=False)
    phone = models.CharField(_("Phone number"), max_length=30, blank=True)
    is_staff = models.BooleanField(_("Member of staff"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    password_changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering: ClassVar = ["last_name", "first_name", "email"]
        # Rights of staff beside Django's own four; only the help desk's code reads these names.
        permissions: ClassVar = [
            ("suspend_user", "suspend and restore people"),
            ("end_sessions_user", "end people's sessions"),
            ("end_hold_user", "end the 24-hour hold"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_canonical"),
            models.CheckConstraint(condition=models.Q(language__in=Language.values), name="user_language_is_known"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name, as people say it."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_full_name(self) -> str:
        """Django's name for `full_name`."""
        return self.full_name

    def get_short_name(self) -> str:
        """The first name, for greetings."""
        return self.first_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; when the names or the address may have changed, the lists of people come first, since places are held before people."""
        fields = kwargs.get("update_fields")
        if self._state.adding or not (fields is None or FIELDS & set(fields)):
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            list_person(self.pk, self)
            super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        """Hash a password in its normal form and note when."""
        super().set_password(None if raw_password is None else normal_password(raw_password))
        self.password_changed_at = clock.now()

    def check_password(self, raw_password: str | None) -> bool:
        """Compare in the normal form, for somebody signed in. Signing in goes through `accounts.passwords.checking`, which hides old costs."""
        return raw_password is not None and check_password(normal_password(raw_password), self.password)


_BY_ID: Final = FixedQuery(lambda: User.objects.filter(pk=Given("pk", models.UUIDField())).values_list(*columns(User)))
