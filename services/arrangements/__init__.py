"""Applications for access arrangements: special-category data of the whole centre."""
