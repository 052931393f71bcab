"""Fields and error summaries: each control is named by exactly its label, everything else describes it."""

import re

from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation

from portal.web.forms import PortalForm
from portal.web.refusal import Refusal


class Sample(PortalForm):
    """One field of each kind."""

    email = forms.EmailField(label="Email address", help_text="Your work address.", error_messages={"required": "Enter an email address"})
    password = forms.CharField(label="Password", strip=False, widget=forms.PasswordInput)
    role = forms.ChoiceField(label="Account type", choices=[("admin", "Admin account"), ("user", "User account")], widget=forms.RadioSelect)
    title = forms.ChoiceField(label="Title", choices=[("ms", "Ms")])
    agreed = forms.BooleanField(label="Send my codes to my email address")


class NoSeat(Refusal):
    """A refusal that belongs to a field."""

    message = "All 3 Admin accounts are in use"
    field = "role"


def draw(source: str, **context: object) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


def test_a_hint_describes_the_control_and_is_no_part_of_its_name() -> None:
    drawn = draw("{% field form.email %}", form=Sample())
    assert '<label for="id_email">Email address</label>' in drawn
    assert 'id="id_email-hint">Your work address.' in drawn
    assert 'aria-describedby="id_email-hint"' in drawn
    assert "aria-invalid" not in drawn
    assert " required" not in drawn


def test_an_error_stands_at_the_field_and_in_the_summary_in_the_same_words() -> None:
    form = Sample({"email": ""})
    drawn = draw("{% error_summary form %}{% field form.email %}", form=form)
    assert 'role="alert"' in drawn
    assert '<a href="#id_email">Enter an email address</a>' in drawn
    assert re.search(r'id="id_email-error">.*Enter an email address', drawn)
    assert 'aria-describedby="id_email-hint id_email-error"' in drawn
    assert drawn.count('aria-invalid="true"') == 1


def test_there_is_no_summary_without_errors() -> None:
    assert draw("{% error_summary form %}", form=Sample()) == ""


def test_a_password_is_never_sent_back_and_an_address_is_kept() -> None:
    form = Sample({"email": '"><script>', "password": "secret words here"})
    drawn = draw("{% field form.email %}{% field form.password %}", form=form)
    assert "secret" not in drawn
    assert 'value="&quot;&gt;&lt;script&gt;"' in drawn


def test_radio_buttons_are_cards_in_a_named_group_with_a_hint_for_each() -> None:
    form = Sample(initial={"role": "user"})
    drawn = draw("{% field form.role hints=hints %}", form=form, hints={"admin": "Invites people."})
    assert "<legend>Account type</legend>" in drawn
    assert '<label for="id_role_0">Admin account</label><p class="hint" id="id_role_0-hint">Invites people.' in drawn
    assert drawn.count("checked") == 1
    assert '<a href="#id_role_0">' in draw("{% error_summary form %}", form=Sample({}))


def test_a_box_has_its_label_behind_it() -> None:
    assert draw("{% field form.agreed %}", form=Sample()).endswith(
        '<label for="id_agreed">Send my codes to my email address</label></div></div>'
    )


def test_a_refusal_of_a_flow_stands_beside_its_field() -> None:
    form = Sample({"email": "a@b.example", "password": "x", "role": "admin", "title": "ms", "agreed": "on"})
    assert form.is_valid()
    form.refuse(NoSeat())
    assert form.errors["role"] == ["All 3 Admin accounts are in use"]
    form.refuse(Refusal("Try again later"))
    assert form.non_field_errors() == ["Try again later"]
    assert "<li>Try again later</li>" in draw("{% error_summary form %}", form=form)


def test_a_kept_part_is_rendered_once_for_each_language() -> None:
    template = Template("{% load portal i18n %}{% per_language %}{{ word }}{% endper_language %}")
    with translation.override("en"):
        assert template.render(Context({"word": "one"})) == "one"
        assert template.render(Context({"word": "two"})) == "one"
    with translation.override("cy"):
        assert template.render(Context({"word": "tri"})) == "tri"


def test_the_switch_comes_back_to_the_page_with_its_filters() -> None:
    request = RequestFactory().get("/services/", {"q": "marks", "lang": "cy"})
    request.resolver_match = resolve("/services/")
    assert draw("{% here %}", request=request) == "/services/?q=marks"
