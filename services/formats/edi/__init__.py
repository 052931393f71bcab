"""EDI, "Formats for the exchange of examination related data", version 14: files of fixed-width lines between boards and centres.

The official layout was not at hand (formats.md 4.4): what is pieced together and what is ours stands in `layout`, and nowhere else. Put the
official positions there and everything follows. `names` knows file names, `fields` what may stand in a field, `records` a line, `reading` and
`writing` whole files, `structure` what must follow what.
"""
