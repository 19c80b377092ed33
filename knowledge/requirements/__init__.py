"""Requirements: what a school must have done, by when, and how far it is. Pure: records in, progress out.

Requirements are data (`requirements.yaml`). Counting (`tally`) and judging (`settle`) stand apart, so that the
counting of many schools can be left to a database. See `knowledge.requirements.engine`.
"""
