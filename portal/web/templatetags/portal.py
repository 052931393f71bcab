"""The components of a page as template tags (docs/components.md)."""

from functools import cache

from django import template
from django.contrib.messages import get_messages
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.web import fields, icons
from portal.web.language_link import without_language
from portal.web.table_rows import table_rows

register = template.Library()
register.simple_tag(icons.icon)
register.simple_tag(fields.field)
register.simple_tag(fields.error_summary)
register.simple_tag(table_rows)


@register.simple_tag(takes_context=True)
def message_banners(context: Context) -> SafeString:
    """Show what the last deed led to, before the heading, announced by screen readers without moving the focus (WCAG 4.1.3)."""
    request = context.get("request")
    if request is None:
        return mark_safe("")
    return format_html_join(
        "",
        '<div class="notice notice-{}" role="status"><p>{}</p></div>',
        ((_TONES.get(message.level_tag, "info"), message.message) for message in get_messages(request)),
    )


_TONES = {"success": "success", "warning": "warning", "error": "danger"}


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """Return path and query of this page, less a `lang` that would undo the person's choice: where the language switch comes back to."""
    return without_language(context["request"])


@register.simple_tag(takes_context=True)
def current(context: Context, url_name: str) -> SafeString:
    """Mark a link of the navigation when it leads to this very page."""
    match = context["request"].resolver_match
    return _CURRENT if match is not None and match.url_name == url_name else mark_safe("")


_CURRENT = format_html(' aria-current="{}"', "page")


@register.simple_tag(takes_context=True)
def scripts(context: Context) -> SafeString:
    """Name our scripts, with the nonce of this answer; drawn once for each language."""
    nonce = str(getattr(context.get("request"), "csp_nonce", ""))
    return mark_safe(_scripts(get_language() or "en").replace("NONCE", nonce))  # noqa: S308  (our own template)


@cache
def _scripts(_language: str) -> str:
    return render_to_string("components/scripts.html")


@register.tag
def per_language(parser: Parser, _token: Token) -> "PerLanguage":
    """Render what stands between this tag and `endper_language` once for each language, and keep it as long as the process lives.

    For parts that are the same on every page, such as the footer: nothing in them may depend on the request.
    """
    nodes = parser.parse(("endper_language",))
    parser.delete_first_token()
    return PerLanguage(nodes)


class PerLanguage(template.Node):
    """The kept part; two threads that render it at once store the same text twice."""

    def __init__(self, nodes: NodeList) -> None:
        self.nodes = nodes
        self.kept: dict[str, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Return the kept text of the active language."""
        language = get_language() or ""
        if language not in self.kept:
            self.kept[language] = self.nodes.render(context)
        return self.kept[language]
