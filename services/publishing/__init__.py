"""Publishing by staff, one pipeline for every kind of file: taken, checked line by line, shown, published all or nothing as a new issue (SVC 5, SVC 6).

What results, boundaries and item data each plug in is a `pipeline.Pipeline`: how their lines are read and checked, and how they are issued. The rest
is here: `flow` does the deeds, `work` the long ones in the background, `wake` and `tasks` carry an id to whoever does them, `issuing` adds versions
and never changes one, `writing` puts rows down, `stored` looks after the bytes, `admin` shows it all. Memory never grows with a file. Publishing is
not releasing: the gate decides who sees something, and when. No app of its own: each service keeps its tables, which stand on `models` here.
"""
