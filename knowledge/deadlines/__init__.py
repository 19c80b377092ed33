"""Deadlines: what is due when, for one edition of one programme. Pure: facts and the present are arguments.

The dates are data (`deadlines.yaml`): a day, or so long after a fact, each with the section it stands in.
"""
