"""Settings of the whole suite."""

from hypothesis import settings

settings.register_profile("suite", deadline=None)  # a shared machine's first call may take a second; nothing here asserts a time
settings.load_profile("suite")
