"""Judging what somebody sent: a file, or a picture of a page.

Findings, report and inspector are light, for every process. What parses a file is not to be imported
where people are served: files of strangers are judged in a process of their own.
"""
