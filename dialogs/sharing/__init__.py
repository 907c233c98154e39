"""Sharing a transcript: links to its facts that a student makes, watches and stops."""
