"""Tests of services.results."""
