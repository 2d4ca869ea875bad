"""The dashboard on the first page of the admin."""
