"""THE layout: where each field of each record stands, positions counted from 1 as in the boards' own tables. Data only.

[C] read from a working public program, [P] published, [I] strong inference, [X] not found and therefore OUR OWN PROFILE until the official text is
at hand (docs/formats.md): headers, trailers, institution records, what follows position 72 of an entry, and results.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from services.formats.edi.fields import Field, Kind

VERSION: Final = "14"
CODE_WIDTH: Final = 6
"""Of option codes that stand one behind the other in an entry."""
LONGEST_LINE: Final = 512
"""More than any record has; a longer line is not read."""
CENTRE_FILES: Final = frozenset("EAR")
"""Files whose details stand between institution records; basedata has none."""

_CENTRE: Final = _("Centre number")
_CANDIDATE: Final = _("Candidate number")
_NAME: Final = _("Name")
_TITLE: Final = _("Subject title")
_OPTION: Final = _("Option code")
_SYLLABUS: Final = _("Syllabus code")
_COMPONENT: Final = _("Component code")
_MAXIMUM: Final = _("Maximum mark")

_S5: Final = (  # [C]; the title begins at 9, though the program read it from 10: the other titles are 36 wide [I]
    Field("syllabus", 3, 8, _SYLLABUS, needed=True),
    Field("title", 9, 44, _TITLE),
)
_O5: Final = (  # [C]
    Field("option", 3, 8, _OPTION, needed=True),
    Field("syllabus", 9, 14, _SYLLABUS, needed=True),
    Field("qualification", 15, 18, _("Qualification")),
    Field("level", 19, 21, _("Level")),
    Field("item", 22, 22, _("Unit or certificate")),
    Field("unit_qualification", 23, 26, _("Qualification of the unit")),
    Field("unit_level", 27, 29, _("Level of the unit")),
    Field("process", 30, 30, _("Process")),
    Field("classification", 31, 34, _("Classification code")),
    Field("accreditation", 35, 42, _("Accreditation number")),
    Field("title", 43, 78, _TITLE),
    Field("fee_defined", 79, 79, _("Fee defined"), Kind.FLAG),
    Field("fee", 80, 84, _("Fee"), Kind.FIGURES),
    Field("forecast_1", 85, 88, _("Forecast grade set")),
    Field("forecast_2", 89, 92, _("Second forecast grade set")),
    Field("result_type", 93, 93, _("Result type")),
    Field("grades_1", 94, 97, _("Grade set")),
    Field("grades_2", 98, 101, _("Second grade set")),
    Field("endorsements_1", 102, 105, _("Endorsement grade set")),
    Field("endorsements_2", 106, 109, _("Second endorsement grade set")),
    Field("maximum", 110, 113, _("Maximum uniform mark"), Kind.FIGURES),
    Field("components", 114, 115, _("Number of components"), Kind.FIGURES),
)
_C5: Final = (  # [C]
    Field("component", 3, 14, _COMPONENT, needed=True),
    Field("title", 15, 50, _TITLE),
    Field("teacher_marks", 51, 51, _("Teacher marks")),
    Field("maximum", 52, 54, _MAXIMUM, Kind.FIGURES),
    Field("grades", 55, 58, _("Grade set")),
    Field("due", 59, 64, _("Due date"), Kind.DAY),
    Field("timetabled", 65, 65, _("Timetabled")),
    Field("sat_on", 66, 71, _("Timetable date"), Kind.DAY),
    Field("session", 72, 72, _("Session")),
    Field("minutes", 73, 75, _("Minutes allowed"), Kind.FIGURES),
)
_L5: Final = (  # [C]; what 9 is for is not known, codes of components are 12 wide
    Field("option", 3, 8, _OPTION, needed=True),
    Field("component", 9, 20, _COMPONENT, needed=True),
)
_ENTRY: Final = (
    Field("centre", 3, 7, _CENTRE, Kind.FIGURES, needed=True),  # to 59 [I, widths published]
    Field("candidate", 8, 11, _CANDIDATE, Kind.FIGURES, needed=True),
    Field("status", 12, 12, _("Candidate status")),  # P private, blank internal [P]
    Field("name", 13, 52, _NAME, needed=True),
    Field("sex", 53, 53, _("Sex")),
    Field("born", 54, 59, _("Date of birth"), Kind.DAY),
    Field("uci", 60, 72, _("UCI")),  # [P]
    Field("uln", 73, 82, _("ULN"), Kind.FIGURES),  # from here [X]
    Field("upn", 83, 95, _("UPN")),
    Field("count", 96, 97, _("Number of options"), Kind.FIGURES, needed=True),
    Field("options", 98, 193, _("Option codes")),
)
_R5: Final = (  # [X]: what it holds is known, not where
    Field("centre", 3, 7, _CENTRE, Kind.FIGURES, needed=True),
    Field("candidate", 8, 11, _CANDIDATE, Kind.FIGURES, needed=True),
    Field("uci", 12, 24, _("UCI")),
    Field("name", 25, 64, _NAME, needed=True),
    Field("option", 65, 70, _OPTION, needed=True),
    Field("result_type", 71, 71, _("Result type")),
    Field("grade", 72, 75, _("Grade"), needed=True),
    Field("grade_2", 76, 79, _("Second grade")),
    Field("endorsement", 80, 83, _("Endorsement")),
    Field("endorsement_2", 84, 87, _("Second endorsement")),
    Field("ums", 88, 91, _("Uniform mark"), Kind.FIGURES),
    Field("maximum", 92, 95, _("Maximum uniform mark"), Kind.FIGURES),
    Field("partly_absent", 96, 96, _("Partly absent"), Kind.FLAG),
    Field("returned_for", 97, 102, _("Result of another option")),
    Field("reissued", 103, 103, _("Re-issued"), Kind.FLAG),
)
_HEADER: Final = (  # [X]; that a version and a series stand in it is known
    Field("version", 3, 4, _("Version"), Kind.FIGURES, needed=True),
    Field("board", 5, 6, _("Board"), Kind.FIGURES, needed=True),
    Field("series", 7, 10, _("Series"), needed=True),
    Field("centre", 11, 15, _CENTRE, Kind.FIGURES),
    Field("sequence", 16, 18, _("Sequence number"), Kind.FIGURES, needed=True),
    Field("made_on", 19, 24, _("Date of the file"), Kind.DAY, needed=True),
)
_INSTITUTION: Final = (  # [X]
    Field("centre", 3, 7, _CENTRE, Kind.FIGURES, needed=True),
    Field("name", 8, 47, _("Centre name")),
)
_INSTITUTION_TRAILER: Final = (  # [X]
    Field("centre", 3, 7, _CENTRE, Kind.FIGURES, needed=True),
    Field("details", 8, 14, _("Number of details"), Kind.FIGURES, needed=True),
)
_TRAILER: Final = (  # [X]
    Field("institutions", 3, 7, _("Number of centres"), Kind.FIGURES, needed=True),
    Field("records", 8, 15, _("Number of lines"), Kind.FIGURES, needed=True),
)
_DETAILS: Final = {"S": _S5, "O": _O5, "C": _C5, "L": _L5, "E": _ENTRY, "A": _ENTRY, "R": _R5}
LAYOUTS: Final[dict[str, tuple[Field, ...]]] = {
    f"{letter}{number}": fields
    for letter, detail in _DETAILS.items()
    for number, fields in (("1", _HEADER), ("3", _INSTITUTION), ("5", detail), ("7", _INSTITUTION_TRAILER), ("9", _TRAILER))
    if letter in CENTRE_FILES or number not in {"3", "7"}
}
"""Every record that is read and written, by data type and record type."""
