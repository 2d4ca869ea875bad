"""The measurements: `make bench` makes its own archives, measures Newsdesk on them, and writes RESULTS.md.

Nothing of Newsdesk imports from here, and no test runs it.
"""
