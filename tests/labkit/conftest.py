import pytest

import labkit


@pytest.fixture(autouse=True)
def english():
    """Each test starts and leaves in English."""
    labkit.use("en")
    yield
    labkit.use("en")
