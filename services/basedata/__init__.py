"""What can be entered and awarded: series, qualifications and options, as staff bring them. Without it no file of results has anything to belong to.

The board's EDI basedata leaves open which of its codes mean which qualification (formats.md 4.4), so what is loaded is a CSV file of our own (docs/formats.md).
"""
