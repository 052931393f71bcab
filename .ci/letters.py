"""Photograph every kind of message in both languages, light and dark, into var/letters/. `python .ci/letters.py [kind ...]` (needs Chromium)."""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ |= {"PORTAL_ENV": "test", "DJANGO_SETTINGS_MODULE": "portal.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}

import django  # noqa: E402

django.setup()

from playwright.sync_api import sync_playwright  # noqa: E402

from portal.outbox.models import Channel  # noqa: E402
from portal.outbox.samples import samples  # noqa: E402

WIDTHS = {"light": 680, "dark": 360}
"""The dark ones are as narrow as a phone."""


def main() -> None:
    """Write HTML, text and pictures of the kinds named, or of all."""
    target = ROOT / "var" / "letters"
    target.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in samples() if one.channel == Channel.EMAIL and (not sys.argv[1:] or one.kind in sys.argv[1:])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        pages = {
            scheme: browser.new_page(viewport={"width": width, "height": 600}, color_scheme=scheme) for scheme, width in WIDTHS.items()
        }
        for sample in chosen:
            for language in sample.languages:
                letter = sample.letter(language)
                name = f"{sample.kind}-{sample.number}-{language}"
                (target / f"{name}.html").write_text(letter.html)
                (target / f"{name}.txt").write_text(f"{letter.subject}\n\n{letter.text}")
                for scheme, page in pages.items():
                    page.set_content(letter.html)
                    page.screenshot(path=target / f"{name}-{scheme}.png", full_page=True)
        browser.close()
    sys.stdout.write(f"{len(chosen)} letters in var/letters/\n")


if __name__ == "__main__":
    main()
