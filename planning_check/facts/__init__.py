"""Facts: measured values about one subject, without a legal number or an opinion (one .sql file a subject)."""
