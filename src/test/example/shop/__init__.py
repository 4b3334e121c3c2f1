"""A shop, small enough to look at what pycached does with it."""
