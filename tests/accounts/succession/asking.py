"""Ask for a change of Exams Officer and answer as the head of centre, through the real pages."""

import re
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

WISH = {
    "first_name": "Mair",
    "last_name": "Rees",
    "email": "mair@glan.example",
    "after": "leaves",
    "reason": "I retire at Easter.",
    "head_name": "Carys Owen",
    "head_email": "head@glan.example",
}


def ask(browser: Client, **changes: Any) -> str:
    """Post the form and return the page that follows."""
    answer = browser.post(reverse("change-exams-officer"), WISH | changes, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def reference_in(letters: list[EmailMultiAlternatives], to: str = "head@glan.example") -> str:
    """Find the reference in the e-mail to the head of centre."""
    (letter,) = [letter for letter in letters if letter.to == [to] and "#" in str(letter.body)]
    found = re.search(r"exams-officer/confirm/(?:\?lang=cy)?#([a-z2-9-]+)", str(letter.body))
    assert found
    return found[1]


def answer(reference: str, word: str = "yes") -> str:
    """Answer as the head of centre, who has no account."""
    page = Client().post(reverse("confirm-exams-officer"), {"reference": reference, "answer": word})
    assert page.status_code == 200
    return page.content.decode()
