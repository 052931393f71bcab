"""Django's `csrf_token` tag, which every form of ours carries, with the mark of the centre beside it (permissions.centre_mark)."""

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from permissions.centre_mark import FIELD
from permissions.request import CentreRequest

register = template.Library()


@register.tag
def csrf_token(_parser: Parser, _token: Token) -> "MarkedToken":
    """Write the token; for somebody with several centres also which one this page was opened for."""
    return MarkedToken()


class MarkedToken(CsrfTokenNode):
    """The hidden fields of a form."""

    def render(self, context: Context) -> str:
        """Return Django's field, and ours where there is a centre to mistake."""
        token = super().render(context)
        request = context.get("request")
        if not isinstance(request, CentreRequest) or request.membership is None or not request.has_several_centres:
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', FIELD, request.membership.pk)
