"""Amount of random testing: a fixed sample in `make test`, INPUTS new ones in `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

IS_LONG = "INPUTS" in os.environ
INPUTS = int(os.environ.get("INPUTS", "200"))

# Tests make their data before the first example; examples only read it.
try_many = settings(
    max_examples=INPUTS,
    derandomize=not IS_LONG,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
