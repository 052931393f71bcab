"""Tests of services.releases."""
