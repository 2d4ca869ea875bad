"""Benchmarks: `make bench` creates archives of synthetic stories, measures Newsdesk on them and writes RESULTS.md.

No other package imports this one, and no test runs it.
"""
