"""What makes the pictures, pages and templates that are kept in the repository; not shipped. Run from its top: python -m tools.NAME."""
