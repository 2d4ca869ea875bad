"""Measures that run in a separate process with Django set up, on the database in DATABASE_URL.

Each module has one function `figures`. Its arguments and its result are passed as JSON.
"""
