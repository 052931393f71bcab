"""Files of staff for reports: our own CSV profiles (docs/reports.md), checked line by line, shown, published all or nothing.

`profiles` names the columns, `cells` reads what a cell may say, `boundaries`, `items` and `marks` turn lines into rows, `reading` puts them
together and `flow` does the deeds. Of CSV and its dangers `services.formats` knows.
"""
