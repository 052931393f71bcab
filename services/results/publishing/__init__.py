"""Publishing of results by staff: a file is taken, checked line by line, shown, and published all or nothing as a new issue (SVC 5).

`sources` opens CSV, EDI and zip files as one stream of lines, `matching` holds them against candidates and options a centre at a time, `checking`
counts what would change, `flow` does the deeds, `work` does the long ones in the background. Memory never grows with the file. Publishing is not
releasing: the gate decides who sees a result, and when.
"""
