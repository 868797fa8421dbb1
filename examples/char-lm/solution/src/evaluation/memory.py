"""The most memory that this process held."""

import resource


def peak_memory():
    """Megabytes of the resident set."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
