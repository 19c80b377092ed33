"""Forms: what a programme's own record forms and reports contain, so that an export has their shape.

Forms are data (`forms.yaml`): which records go into them, under which labels, and what is left for a person to write.
"""
