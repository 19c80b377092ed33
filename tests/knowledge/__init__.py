"""Tests of knowledge/: schema, loader, curation tools, and the base itself."""
