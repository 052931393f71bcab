"""The components of a page, as fast template tags: field, error summary, icon (docs/components.md)."""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()
_EMPTY = mark_safe("")  # noqa: S308


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of our sprite; it says nothing to screen readers, so a word or a name stands beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static("icons.svg"), name
    )


@register.simple_tag
def error_summary(*bound: forms.BaseForm) -> SafeString:
    """List all errors of one or more forms above the page's heading, each a link to its field (WCAG 3.3.1)."""
    rows = [
        (_target(form, name), error)
        for form in bound
        if form.is_bound or form._errors
        for name, errors in form.errors.items()
        for error in errors
    ]
    if not rows:
        return _EMPTY
    items = format_html_join(
        "", "<li>{}</li>", ((_link(target, error),) for target, error in rows)
    )
    return format_html(
        '<div class="error-summary" role="alert" tabindex="-1" autofocus><h2>{}</h2><ul>{}</ul></div>',
        _("There is a problem"),
        items,
    )


def _target(form: forms.BaseForm, name: str) -> str:
    if name not in form.fields:
        return ""
    bound = form[name]
    first = bound.subwidgets[0].data["attrs"].get("id", "") if _grouped(bound) and bound.subwidgets else ""
    return first or bound.id_for_label or bound.auto_id


def _link(target: str, error: str) -> SafeString:
    return format_html('<a href="#{}">{}</a>', target, error) if target else format_html("{}", error)


def _grouped(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.simple_tag
def field(
    bound: BoundField, hint: str = "", describedby: str = "", hints: dict[str, str] | None = None
) -> SafeString:
    """Draw a field: label, hint, error, control. The control's accessible name is exactly its label.

    `hint` is a sentence under the label, `describedby` the id of more text on the page, `hints` a sentence for each choice of a radio group.
    """
    errors = bound.errors if bound.form.is_bound or bound.form._errors else []
    hint = hint or str(bound.help_text or "")
    ids = " ".join(
        filter(
            None,
            (
                describedby,
                f"{bound.auto_id}-hint" if hint else "",
                f"{bound.auto_id}-error" if errors else "",
            ),
        )
    )
    hint_html = format_html('<p class="hint" id="{}-hint">{}</p>', bound.auto_id, hint) if hint else _EMPTY
    error_html = (
        format_html(
            '<p class="field-error" id="{}-error"><span class="visually-hidden">{}</span> {}</p>',
            bound.auto_id,
            _("Error:"),
            " ".join(str(error) for error in errors),
        )
        if errors
        else _EMPTY
    )
    kind = " has-error" if errors else ""
    if _grouped(bound):
        return format_html(
            '<fieldset class="field{}"{}><legend>{}</legend>{}{}<div class="choices">{}</div></fieldset>',
            kind,
            format_html(' aria-describedby="{}"', ids) if ids else _EMPTY,
            bound.label,
            hint_html,
            error_html,
            _choices(bound, hints or {}, invalid=bool(errors)),
        )
    attributes: dict[str, Any] = {"aria-describedby": ids} if ids else {}
    if errors:
        attributes["aria-invalid"] = "true"
    control = bound.as_widget(attrs={**bound.field.widget.attrs, **attributes})
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return format_html(
            '<div class="field{}">{}<div class="choice">{}<label for="{}">{}</label></div>{}</div>',
            kind,
            error_html,
            control,
            bound.auto_id,
            bound.label,
            hint_html,
        )
    return format_html(
        '<div class="field{}"><label for="{}">{}</label>{}{}{}</div>',
        kind,
        bound.auto_id,
        bound.label,
        hint_html,
        error_html,
        control,
    )


def _choices(bound: BoundField, hints: dict[str, str], *, invalid: bool) -> SafeString:
    rows = []
    for widget in bound.subwidgets:
        data = widget.data
        identity = data["attrs"]["id"]
        said = hints.get(str(data["value"]), "")
        rows.append(
            format_html(
                '<div class="choice"><input type="{}" name="{}" value="{}" id="{}"{}{}{}><label for="{}">{}</label>{}</div>',
                data["type"],
                data["name"],
                data["value"],
                identity,
                mark_safe(" checked") if data["selected"] else _EMPTY,  # noqa: S308
                mark_safe(' aria-invalid="true"') if invalid else _EMPTY,  # noqa: S308
                format_html(' aria-describedby="{}-hint"', identity) if said else _EMPTY,
                identity,
                data["label"],
                format_html('<p class="hint" id="{}-hint">{}</p>', identity, said) if said else _EMPTY,
            )
        )
    return format_html_join("", "{}", ((row,) for row in rows))
