"""A newsroom's clock has 24 hours; Django's British formats have a.m. and p.m."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
