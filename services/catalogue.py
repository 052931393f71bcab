"""All services as data: the group and path the guide names, the right that opens each, its page, what it will hold and when (SVC)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.levels import Level, Right, Service
from permissions.policy import ceiling
from permissions.roles import Role
from permissions.words import code
from services import openings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One page of a service.

    `url_name` is its key too; `path` runs from the group to the label of the page, as the guide names them; `sections` are the parts of
    the page that the guide names too; `opens` is the month in which a service that is not built yet opens.
    """

    url_name: str
    right: Right
    path: tuple[Promise, ...]
    holds: tuple[Promise, ...]
    opens: date | None = None
    sections: tuple[Promise, ...] = ()

    @property
    def group(self) -> Promise:
        """The heading under which All Services shows it."""
        return self.path[0]

    @property
    def between(self) -> tuple[Promise, ...]:
        """The headings between the group and the page, if any."""
        return self.path[1:-1]

    @property
    def label(self) -> Promise:
        """The name of the page: the text of its link and its heading."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Offer:
    """A tile as one person sees it: open to them, or to be asked for."""

    tile: Tile
    is_open: bool

    @property
    def code(self) -> str:
        """The right that opens it as one word, for the link that asks for it."""
        return code(self.tile.right)


CENTRE_ADMINISTRATION: Final = _("Centre Administration")
EXAMINATIONS: Final = _("Examinations and Assessment")
RESULTS: Final = _("Results")
RESOURCES: Final = _("Resources")

TILES: Final = (
    Tile(
        url_name="a2c-keys",
        right=(Service.A2C_KEYS, Level.MANAGE),
        path=(CENTRE_ADMINISTRATION, _("General"), _("A2C Access Keys")),
        holds=(
            _("Issue a key for your centre’s A2C software, with a label and an end date."),
            _("See when each key was last used, and revoke it."),
        ),
        opens=openings.A2C_KEYS,
    ),
    Tile(
        url_name="entries",
        right=(Service.ENTRIES, Level.VIEW),
        path=(EXAMINATIONS, _("Entries")),
        holds=(
            _("See your centre’s entries for each exam series, by candidate and by subject."),
            _("See the deadlines and the late fees."),
        ),
        opens=openings.ENTRIES,
    ),
    Tile(
        url_name="entries-make",
        right=(Service.ENTRIES, Level.MAKE),
        path=(EXAMINATIONS, _("Entries"), _("Make Entries")),
        holds=(
            _("Enter candidates on screen, or upload an EDI or CSV file."),
            _("Check every line of a file before anything is accepted, and get a receipt."),
            _("Amend and withdraw entries."),
        ),
        opens=openings.ENTRIES,
    ),
    Tile(
        url_name="marks",
        right=(Service.IAMIS, Level.ENTER_MARKS),
        path=(EXAMINATIONS, _("Internal assessment (IAMIS)")),
        holds=(
            _("Input marks for each unit and candidate, and save as you go."),
            _("Set the teaching group of each candidate."),
            _("Submit marks and see the moderation sample."),
        ),
        opens=openings.INTERNAL_ASSESSMENT,
    ),
    Tile(
        url_name="arrangements",
        right=(Service.ACCESS_ARRANGEMENTS, Level.MANAGE),
        path=(EXAMINATIONS, _("Access Arrangements")),
        holds=(
            _("Apply for access arrangements for a candidate and add the evidence."),
            _("Follow each application and see how long it is valid."),
            _("This is health data: we record who looks at an application and when."),
        ),
        opens=openings.ACCESS_ARRANGEMENTS,
    ),
    Tile(
        url_name="results",
        right=(Service.RESULTS, Level.VIEW_RELEASED),
        path=(RESULTS, _("Candidate Results")),
        sections=(_("Download Results File"),),
        holds=(
            _("See your centre’s results by candidate and by subject, from 8am on results day."),
            _("Download the results file as CSV or EDI."),
        ),
    ),
    Tile(
        url_name="results-embargoed",
        right=(Service.RESULTS, Level.VIEW_EMBARGOED),
        path=(RESULTS, _("Candidate Results"), _("View Results under embargo")),
        holds=(
            _("See your centre’s results from the restricted release, the day before results day."),
            _("Do not share them with candidates, parents, other teachers or the press"),
            _("We record who looks at these results and when"),
        ),
    ),
    Tile(
        url_name="grade-boundaries",
        right=(Service.RESULTS, Level.VIEW_RELEASED),
        path=(RESULTS, _("Reports"), _("Grade Boundaries")),
        holds=(_("See and download the grade boundaries of each exam series, qualification and unit."),),
    ),
    Tile(
        url_name="item-level-data",
        right=(Service.RESULTS, Level.VIEW_RELEASED),
        path=(RESULTS, _("Reports"), _("Item Level Data")),
        holds=(
            _("See your candidates’ marks for each question of a paper."),
            _("Compare your centre with all centres."),
        ),
    ),
    Tile(
        url_name="scripts",
        right=(Service.VIEW_SCRIPTS, Level.VIEW),
        path=(RESULTS, _("View Scripts")),
        holds=(_("Read and download the marked scripts of each candidate and component as PDF."),),
    ),
    Tile(
        url_name="past-papers",
        right=(Service.RESOURCES, Level.VIEW),
        path=(RESOURCES, _("Past Papers & Marking Schemes")),
        sections=(_("Subject-specific support material"),),
        holds=(
            _("Find past papers, marking schemes, exemplars and examiners’ reports."),
            _("Search by subject, qualification, year, type and language."),
        ),
    ),
    Tile(
        url_name="key-dates",
        right=(Service.RESOURCES, Level.VIEW),
        path=(RESOURCES, _("Key dates")),
        holds=(_("See deadlines and results days, and add them to your own calendar."),),
    ),
)
"""In the order of the guide, tiles of one group together."""

BY_URL_NAME: Final = {tile.url_name: tile for tile in TILES}


def offers(role: Role, rights: Iterable[Right]) -> list[Offer]:
    """Return what somebody may open and what they could ask for; what their type of account can never have is left out."""
    held = frozenset(rights)
    reachable = ceiling(role)
    return [Offer(tile, tile.right in held) for tile in TILES if tile.right in held or tile.right in reachable]
