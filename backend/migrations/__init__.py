"""The history of the tables, one numbered file a step in ``versions/``.

``python -m backend.migrations.make "what has changed"`` writes the next step from the models.
"""
