"""Command `python -m bench.inside MODULE ARGUMENTS`: print the result of the module's `figures` as the last line."""

import json
import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    module, arguments = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps(import_module(f"bench.inside.{module}").figures(**arguments)))
