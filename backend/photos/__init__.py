"""Graduation photos: collection codes, shootings, make-up and the check of picture files (P1-P7)."""
