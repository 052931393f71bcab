"""Every page asks who has an id; that question has a way of its own and answers as Django's does."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from tests.cast import make_person

pytestmark = pytest.mark.django_db


def test_a_person_is_found_by_id_as_they_are_now() -> None:
    person = make_person("nia@glan.example").user
    for pk in (person.pk, str(person.pk)):
        found = User.objects.get(pk=pk)
        assert (found, found.email, found._state.adding) == (person, "nia@glan.example", False)
    assert vars(found).keys() == vars(User.objects.filter(pk=person.pk)[0]).keys()
    User.objects.filter(pk=person.pk).update(first_name="Siân", is_active=False)
    found = User.objects.get(pk=person.pk)
    assert (found.first_name, found.is_active) == ("Siân", False)


def test_nobody_is_found_by_an_id_that_is_nobodys() -> None:
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=uuid.uuid4())
    with pytest.raises(ValidationError):
        User.objects.get(pk="nobody")
