"""One pipeline for all tests that read text: loading it takes half a second."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from hindi_diplo.pipeline import Pipeline, load

ROOT = Path(__file__).parents[1]

# The same examples at every run, however slow the machine is: what is random is looked for by tests/fuzz.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def nlp() -> Pipeline:
    """The pipeline without a trained tagger: what comes out is the work of rules and facts alone."""
    return load("none")
