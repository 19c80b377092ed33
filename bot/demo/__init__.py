"""Sample data to show the house around on: invented schools, a year of records, questions and reminders.

Everything is made through the store's own functions, at the moments at which it would have happened, so that what the
pages show hangs together. Every school is invented, and people have no names but their part in it.
"""
