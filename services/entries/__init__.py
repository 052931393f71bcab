"""Exam entries: viewing them and making them are two rights."""
