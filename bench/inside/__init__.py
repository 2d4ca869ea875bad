"""What runs in a process of its own with Django set up, on the database that DATABASE_URL names.

Each module has one function `figures`; its arguments come, and what it returns goes, as JSON.
"""
