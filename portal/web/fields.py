"""Form fields and the summary of their errors. The accessible name of a control is exactly its label; hints and errors describe it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_NOTHING: Final = mark_safe("")


def error_summary(*bound: forms.BaseForm) -> SafeString:
    """List all errors of one or more forms above the heading, each a link to its field; nothing when there is none (WCAG 3.3.1).

    It takes the focus when the page opens, without a script.
    """
    items = format_html_join("", "<li>{}</li>", ((item,) for form in bound for item in _problems(form)))
    if not items:
        return _NOTHING
    return format_html(
        '<div class="error-summary" role="alert" tabindex="-1" autofocus><h2>{}</h2><ul>{}</ul></div>',
        _("There is a problem"),
        items,
    )


def _problems(form: forms.BaseForm) -> Iterator[SafeString]:
    for name, errors in form.errors.items():
        target = _first_control(form[name]) if name in form.fields else ""
        for error in errors:
            yield format_html('<a href="#{}">{}</a>', target, error) if target else format_html("{}", error)


def _first_control(bound: BoundField) -> str:
    """Return the id of the control that a link of the summary leads to: in a group, its first box."""
    if _is_group(bound) and bound.subwidgets:
        return str(bound.subwidgets[0].data["attrs"].get("id", ""))
    return bound.id_for_label or bound.auto_id


def _is_group(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


def field(bound: BoundField, hint: str = "", describedby: str = "", hints: Mapping[str, str] | None = None) -> SafeString:
    """Draw a field: label, hint, error, control.

    `hint` is a sentence under the label (default: the field's help text), `describedby` the ids of more text on the page that
    describes the control, `hints` a sentence for each choice of a group, by the choice's value.
    """
    hint = hint or str(bound.help_text or "")
    described = [describedby] if describedby else []
    above = _NOTHING
    if hint:
        described.append(f"{bound.auto_id}-hint")
        above = format_html('<p class="hint" id="{}-hint">{}</p>', bound.auto_id, hint)
    errors = bound.errors
    if errors:
        described.append(f"{bound.auto_id}-error")
        above += format_html(
            '<p class="field-error" id="{}-error"><span class="visually-hidden">{} </span>{}</p>',
            bound.auto_id,
            _("Error:"),
            format_html_join(mark_safe("<br>"), "{}", ((error,) for error in errors)),
        )
    if _is_group(bound):
        return _group(bound, above, " ".join(described), hints or {})
    control = _control(bound, " ".join(described))
    label = format_html('<label for="{}">{}</label>', bound.id_for_label, bound.label)
    classes = "field has-error" if errors else "field"
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return format_html('<div class="{}">{}<div class="choice">{}{}</div></div>', classes, above, control, label)
    return format_html('<div class="{}">{}{}{}</div>', classes, label, above, control)


def _control(bound: BoundField, described: str) -> SafeString:
    """Draw the control. A plain input is written here, since a template for each costs more than all the rest of a field."""
    extra: dict[str, Any] = {"aria-describedby": described} if described else {}
    if bound.errors:
        extra["aria-invalid"] = "true"
    widget = bound.field.widget
    if type(widget).template_name not in _PLAIN_INPUTS:
        return bound.as_widget(attrs=extra)
    attributes = bound.build_widget_attrs({**extra, "id": bound.auto_id}, widget)
    context = widget.get_context(bound.html_name, bound.value(), attributes)["widget"]
    value = {} if context["value"] is None else {"value": context["value"]}
    return format_html("<input{}>", flatatt({"type": context["type"], "name": context["name"], **value, **context["attrs"]}))


_PLAIN_INPUTS: Final = {forms.TextInput.template_name, forms.EmailInput.template_name, forms.PasswordInput.template_name}


def _group(bound: BoundField, above: SafeString, described: str, hints: Mapping[str, str]) -> SafeString:
    """Draw radio buttons or boxes as cards in a named group."""
    return format_html(
        '<fieldset class="{}"{}><legend>{}</legend>{}<div class="choices">{}</div></fieldset>',
        "field has-error" if bound.errors else "field",
        flatatt({"aria-describedby": described} if described else {}),
        bound.label,
        above,
        format_html_join("", "{}", ((_choice(option.data, hints, bound),) for option in bound.subwidgets)),
    )


def _choice(option: dict[str, Any], hints: Mapping[str, str], bound: BoundField) -> SafeString:
    identity = option["attrs"]["id"]
    hint = hints.get(str(option["value"]), "")
    attributes = {
        **option["attrs"],
        "type": option["type"],
        "name": option["name"],
        "value": str(option["value"]),
        "checked": bool(option["selected"]),
    }
    if hint:
        attributes["aria-describedby"] = f"{identity}-hint"
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return format_html(
        '<div class="choice"><input{}><label for="{}">{}</label>{}</div>',
        flatatt(attributes),
        identity,
        option["label"],
        format_html('<p class="hint" id="{}-hint">{}</p>', identity, hint) if hint else _NOTHING,
    )
