"""Many rows into a table in one statement, several times as fast as bulk_create(), which also cuts them up on SQLite.

The models' fields prepare the values, so that a body is sanitised on this way too.
"""

from django.db import DEFAULT_DB_ALIAS, connection, connections


def insert(model, names: list[str], rows: list[tuple]) -> None:
    """Inserts rows of the values of these fields, in their order. Defaults are for the caller to fill in."""
    if not rows:
        return
    fields = [model._meta.get_field(name) for name in names]
    columns = map(_prepared, fields, zip(*rows, strict=True))
    prepared = zip(*columns, strict=True)
    table, into = model._meta.db_table, ", ".join(field.column for field in fields)
    # What COPY raises does not pass through Django's cursor.
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({into}) FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({into}) VALUES ({marks})", prepared)  # noqa: S608 (our own names)


def _prepared(field, column):
    if field.is_relation:
        return column  # a key is as it is
    database = connections[DEFAULT_DB_ALIAS]  # not its proxy, which is slow to ask for each value
    return [field.get_db_prep_save(value, database) for value in column]
