"""What people are shown of a run. Storeys: told (pure data) under tables under console under workbook, page, layers,
notices and reference."""
