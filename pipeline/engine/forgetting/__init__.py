"""Take-downs and the index: what left a release on request stays out of it."""
