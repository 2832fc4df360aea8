"""The fixtures of the system tests, for the Go peers."""

import importlib.util
import os
import sys

SYSTEM = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "system")
sys.path.insert(0, SYSTEM)

_spec = importlib.util.spec_from_file_location("system_conftest",
                                               os.path.join(SYSTEM, "conftest.py"))
_system = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_system)
globals().update({name: value for name, value in vars(_system).items()
                  if not name.startswith("__")})
