"""Files of staff for reports, on the pipeline of `services.publishing`: our own CSV profiles (docs/reports.md), alone or in a zip file.

`profiles` names the columns, `cells` reads what a cell may say, `boundaries`, `items` and `marks` turn lines into rows, `reading` puts them
together and `pipeline` says how they are checked and issued. Of CSV and its dangers `services.formats` knows.
"""
