"""The one dialogue engine: asks for what is missing, with the same repairs wherever something is filled in.

A form is typed fields, of which the next one follows from the answers; there is no position and no flow. Checklists,
guided entry and whatever else asks step by step are kinds of forms.
"""
