"""Links to the verified facts of a document: made and stopped by its owner, opened by whoever has
one. They show what the record says at that moment, and never the file.
"""
