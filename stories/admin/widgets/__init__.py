"""Form fields and widgets of the admin."""
