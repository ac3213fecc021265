"""Steps from one shape of the tables to the next, for alembic; a new database is made by ``store.models`` at once."""
