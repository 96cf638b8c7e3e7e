"""What all tests share: how hard properties look for counterexamples.

``HYPOTHESIS_PROFILE=thorough make test`` looks much harder.
"""

from __future__ import annotations

import os

from hypothesis import settings

# A busy machine is no failure: nothing here is timed.
settings.register_profile("quick", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
