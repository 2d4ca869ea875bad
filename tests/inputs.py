"""How much is tried of what could be: a little in `make test`, always the same; in `make fuzz` INPUTS, each time others."""

import os

from hypothesis import HealthCheck, settings

IS_LONG = "INPUTS" in os.environ
INPUTS = int(os.environ.get("INPUTS", "200"))

# What a test has made outside is only read within.
try_many = settings(
    max_examples=INPUTS,
    derandomize=not IS_LONG,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
