"""A change of Exams Officer from inside a centre: an Exams Officer or Admin asks, the head of centre confirms by e-mail, staff decide (INV-2)."""
