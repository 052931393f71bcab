"""What is taken in the demonstration: the shapes are those of the field, the codes are of the right form and made up."""

from dataclasses import dataclass, field
from typing import Final

from services.exams.levels import ExamLevel, QualificationKind

GCSE_SHARES: Final = {90: "A*", 80: "A", 70: "B", 60: "C", 50: "D", 40: "E", 30: "F", 20: "G", 0: "U"}
GCE_SHARES: Final = {80: "A", 70: "B", 60: "C", 50: "D", 40: "E", 0: "U"}
"""Grades by the share of the maximum uniform mark (formats.md 4.6)."""
A_LEVEL_SHARES: Final = {90: "A*", **GCE_SHARES}
DOUBLE_SHARES: Final = {90: "A*A*", 80: "AA", 70: "BB", 60: "CC", 50: "DD", 40: "EE", 30: "FF", 20: "GG", 0: "U"}
SHARES: Final = {
    QualificationKind.GCSE: GCSE_SHARES,
    QualificationKind.GCSE_DOUBLE: DOUBLE_SHARES,
    QualificationKind.AS: GCE_SHARES,
    QualificationKind.A_LEVEL: A_LEVEL_SHARES,
}
UNIT_SHARES: Final = {
    QualificationKind.GCSE: GCSE_SHARES,
    QualificationKind.GCSE_DOUBLE: GCSE_SHARES,
    QualificationKind.AS: GCE_SHARES,
    QualificationKind.A_LEVEL: GCE_SHARES,
}
"""A unit has no A* at A level and no pair of grades."""


@dataclass(frozen=True, slots=True)
class Course:
    """A qualification that the demonstration's candidates take; `units` are their maximum uniform marks, none for a linear one."""

    code: str
    kind: QualificationKind
    subject: str
    english: str
    welsh: str
    units: tuple[int, ...] = field(default=())


COURSES: Final = (
    Course("3300", QualificationKind.GCSE, "mathematics", "Mathematics", "Mathemateg"),
    Course("3310", QualificationKind.GCSE, "mathematics", "Mathematics - Numeracy", "Mathemateg - Rhifedd"),
    Course("3700", QualificationKind.GCSE, "english-language", "English Language", "Saesneg Iaith"),
    Course("3000", QualificationKind.GCSE, "welsh-language", "Welsh Language", "Cymraeg Iaith"),
    Course("3100", QualificationKind.GCSE, "history", "History", "Hanes", (80, 80, 100)),
    Course("3430", QualificationKind.GCSE_DOUBLE, "science", "Science (Double Award)", "Gwyddoniaeth (Dwyradd)", (120, 120, 120, 120, 120)),
    Course("2300", QualificationKind.AS, "mathematics", "Mathematics", "Mathemateg", (150, 90)),
    Course("1300", QualificationKind.A_LEVEL, "mathematics", "Mathematics", "Mathemateg", (150, 90, 210, 150)),
    Course("1100", QualificationKind.A_LEVEL, "history", "History", "Hanes", (120, 120, 120, 120, 120)),
    Course("1000", QualificationKind.A_LEVEL, "welsh-language", "Welsh Second Language", "Cymraeg Ail Iaith", (90, 60, 90, 150, 120, 90)),
)

SITTINGS: Final = (
    (2026, 6, ExamLevel.LEVEL_3, ("2300", "1300", "1100", "1000"), "6A", "41", {"68999": 42, "68998": 63}),
    (2026, 6, ExamLevel.LEVEL_2, ("3300", "3310", "3700", "3000", "3100", "3430"), "6G", "40", {"68999": 124, "68998": 20}),
    (2026, 11, ExamLevel.LEVEL_2, ("3300", "3310", "3700", "3000"), "BG", "40", {"68999": 57, "68998": 31}),
)
"""Year, month, level, codes, the EDI code and board number of the series, and how many candidates at which centre."""

FORENAMES: Final = tuple(
    "Alaw Alun Anest Arwel Beca Bryn Cadi Caio Carys Cerys Dafydd Deio Efa Eira Elin Emrys Enlli Ffion Gethin Glain Gruff Gwenno Hari "  # noqa: SIM905
    "Heledd Ifan Ioan Lili Llew Llinos Macsen Mabli Mari Mali Nansi Nel Osian Owain Rhun Sara Siwan Steffan Tomos".split()
)
SURNAMES: Final = tuple(
    "Bevan Bowen Cadwaladr Daniel Ellis Evans Griffiths Gruffydd Harries Howells Humphreys James Jenkins Lewis Llwyd Llywelyn Madog Meredith "  # noqa: SIM905
    "Morgan Nicholas Owen Parry Phillips Powell Probert Prosser Pugh Rhydderch Richards Roderick Tudur Vaughan Watkins".split()
)
