"""Verifying documents in the chat: what was found of a file or a code, and changes afterwards."""
