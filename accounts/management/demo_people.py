"""The demonstration's people (contract.md). Passwords and keys are public on purpose.

The command that makes them runs in demonstrations only.
"""

from dataclasses import dataclass
from typing import Final

from permissions.roles import Role

PASSWORD: Final = "demo-lantern-harbour-"  # noqa: S105 - for everybody to read
"""Each password is this and a number, so that no two are the same."""

EXAMPLE: Final = ("68999", "Ysgol Enghraifft / Example School")
SECOND: Final = ("68998", "Coleg Enghraifft / Example College")


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demonstration; `rights` are codes of what a User was given on request."""

    centre: str
    role: Role | None
    first_name: str
    last_name: str
    email: str
    key: str
    job_role: str = ""
    language: str = "en"
    rights: tuple[str, ...] = ()


def password_of(number: int) -> str:
    """Return the password of the demonstration's nth person."""
    return f"{PASSWORD}{number:02d}"


PEOPLE: Final = (
    DemoPerson(
        "68999", Role.EXAMS_OFFICER, "Nia", "Jones", "nia.jones@enghraifft.example", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX2", "Exams Officer"
    ),
    DemoPerson(
        "68999", Role.ADMIN, "Bethan", "Lloyd", "bethan.lloyd@enghraifft.example", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZL3", "Data Manager", "cy"
    ),
    DemoPerson("68999", Role.ADMIN, "Owen", "Price", "owen.price@enghraifft.example", "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2L4", "Deputy Head"),
    DemoPerson(
        "68999",
        Role.USER,
        "Lowri",
        "Evans",
        "lowri.evans@enghraifft.example",
        "ONSWG4TFORUGS4TFONSWG4TFORUGS4T5",
        "Head of Mathematics",
        "cy",
        ("iamis.enter_marks", "results.view_released"),
    ),
    DemoPerson(
        "68999",
        Role.USER,
        "Rhys",
        "Davies",
        "rhys.davies@enghraifft.example",
        "OBXXE5DBNRSW4Y3POBXXE5DBNRSW4Y36",
        "Teacher of Physics",
        "en",
        ("iamis.enter_marks",),
    ),
    DemoPerson(
        "68999",
        Role.USER,
        "Megan",
        "Hughes",
        "megan.hughes@enghraifft.example",
        "PBXXK3THMUQGCZLYPBXXK3THMUQGCZL7",
        "Additional Learning Needs Coordinator",
        "cy",
        ("access_arrangements.manage",),
    ),
    DemoPerson(
        "68999",
        Role.USER,
        "Tom",
        "Baker",
        "tom.baker@enghraifft.example",
        "NRQW45DFOJXCA4DPNRQW45DFOJXCA4D2",
        "Head of English",
        "en",
        ("entries.view", "results.view_released", "view_scripts.view"),
    ),
    DemoPerson(
        "68999", Role.USER, "Sioned", "Rees", "sioned.rees@enghraifft.example", "MJXW64TEMVZCA3DBMJXW64TEMVZCA3D3", "Athrawes Gymraeg", "cy"
    ),
    DemoPerson(
        "68999", Role.USER, "Aled", "Morris", "aled.morris@enghraifft.example", "MZXXE5DSMVZXGIDMMZXXE5DSMVZXGID4", "Teacher of History"
    ),
    DemoPerson(
        "68999",
        Role.USER,
        "Priya",
        "Shah",
        "priya.shah@enghraifft.example",
        "O5UW4ZDPO4QGC4TDO5UW4ZDPO4QGC4T5",
        "Teacher of Chemistry",
        "en",
        ("results.view_released",),
    ),
    DemoPerson(
        "68999",
        Role.USER,
        "Gwen",
        "Parry",
        "gwen.parry@enghraifft.example",
        "PFUWK3DEEBTGC4TNPFUWK3DEEBTGC4T6",
        "Head of Music",
        "cy",
        ("entries.view",),
    ),
    DemoPerson(
        "68998", Role.EXAMS_OFFICER, "Huw", "Thomas", "huw.thomas@coleg.example", "NFZWYYLOMQQGEYLZNFZWYYLOMQQGEYL7", "Exams Manager"
    ),
    DemoPerson("", None, "Sian", "Morgan", "sian.morgan@helpdesk.example", "ORSWYZLQNBXW4ZJAORSWYZLQNBXW4ZJ2", "Help desk"),
    DemoPerson("", None, "David", "Clarke", "david.clarke@helpdesk.example", "ORXXMZLSEBRGK3DMORXXMZLSEBRGK3D3", "Help desk"),
)

PENDING: Final = ("Elin", "Wyn", "elin.wyn@enghraifft.example", "Teacher of Art")
EXPIRED: Final = ("Dafydd", "Roberts", "dafydd.roberts@enghraifft.example", "Teacher of Drama")
