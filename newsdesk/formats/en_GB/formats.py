"""British date formats with a 24-hour clock; Django's own use a.m. and p.m."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
