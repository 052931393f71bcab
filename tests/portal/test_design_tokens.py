"""The colours of `static/portal.css` hold their contrast in both themes, and what a page brings stays light (ui.md 3.3, 3.7)."""

import re
from pathlib import Path
from typing import Final

import pytest

STATIC: Final = Path(__file__).resolve().parents[2] / "static"
CSS: Final = (STATIC / "portal.css").read_text()

TEXT: Final = 4.5
SHAPE: Final = 3.0
TONES: Final = ("danger", "success", "warning", "info", "embargo", "neutral")
PAIRS: Final = [
    *[(ink, ground, TEXT) for ink in ("ink", "muted") for ground in ("page", "surface", "sunken")],
    *[(link, ground, TEXT) for link in ("brand", "brand-hover", "visited") for ground in ("page", "surface", "sunken")],
    *[(f"{tone}", f"{tone}-ground", TEXT) for tone in TONES],
    *[(f"{tone}", ground, TEXT) for tone in TONES for ground in ("page", "surface")],
    *[(text, f"{tone}-ground", TEXT) for tone in TONES for text in ("ink", "muted", "brand")],
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-hover", TEXT),
    ("surface", "danger", TEXT),
    ("surface", "ink", TEXT),
    ("header-ink", "header", TEXT),
    ("header-muted", "header", TEXT),
    ("arch", "header", SHAPE),
    ("control", "page", SHAPE),
    ("control", "surface", SHAPE),
    ("focus", "focus-outer", SHAPE),
    ("focus", "header", SHAPE),
]


def tokens(theme: str) -> dict[str, str]:
    """Read the colours of a theme; the dark block says only what differs."""
    light, dark = re.findall(r":root \{(.*?)\n\}", CSS, flags=re.DOTALL)[:2]
    found = dict(re.findall(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{3,6})\b", light))
    if theme == "dark":
        found |= dict(re.findall(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{3,6})\b", dark))
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_each_pair_of_colours_is_legible(theme: str, ink: str, ground: str, least: float) -> None:
    colours = tokens(theme)
    assert contrast(colours[ink], colours[ground]) >= least


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "surface", "sunken", "header"])
def test_one_ring_of_the_focus_shows_on_every_ground(theme: str, ground: str) -> None:
    colours = tokens(theme)
    assert max(contrast(colours["focus"], colours[ground]), contrast(colours["focus-outer"], colours[ground])) >= SHAPE


def test_every_colour_outside_the_tokens_is_a_token() -> None:
    """White behind a QR code, black and white on paper, and shadows are the exceptions."""
    rules = CSS[CSS.index("@layer base {") :]
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[;\s}])", rules)) <= {"#FFF", "#000"}


def test_every_token_that_is_used_exists() -> None:
    used = set(re.findall(r"var\(--([a-z0-9-]+)", CSS))
    assert used <= set(re.findall(r"--([a-z0-9-]+):", CSS))


def test_the_style_sheet_stays_under_16_kb_and_the_scripts_of_a_page_under_6() -> None:
    """The scripts that stand on every page and the largest that a page of its own adds; all files together stay under 8."""
    assert len(CSS.encode()) <= 16 * 1024
    sizes = {script.name: script.stat().st_size for script in (STATIC / "js").glob("*.js")}
    everywhere = (STATIC.parent / "templates" / "components" / "scripts.html").read_text()
    own = [size for name, size in sizes.items() if name not in everywhere]
    assert sum(sizes.values()) - sum(own) + max(own) <= 6 * 1024
    assert sum(sizes.values()) <= 8 * 1024


def test_every_icon_that_a_template_asks_for_is_in_the_sprite() -> None:
    templates = STATIC.parent / "templates"
    drawn = set(re.findall(r'symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text()))
    asked = {name for path in templates.rglob("*.html") for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert asked <= drawn


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    """The content security policy would drop them (contract of every page)."""
    for path in (STATIC.parent / "templates").rglob("*.html"):
        if "email" in path.parts:
            continue
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", text), path
