"""Reads what people type: days, hours, counts, and a whole line of a log. Pure; "now" is an argument."""
