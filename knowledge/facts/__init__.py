"""Facts of a school's part in a programme: what its dates and duties depend on, asked, read, judged and derived.

They stand where they are needed, in an edition's `deadlines.yaml` and `requirements.yaml`; here they are one sheet.
"""
