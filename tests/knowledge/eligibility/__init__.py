"""Tests of eligibility: the language, the engine, and the promises that every programme's checklist must keep."""
