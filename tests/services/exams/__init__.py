"""Tests of services.exams."""
