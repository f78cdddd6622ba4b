"""Tests of dltutor."""
