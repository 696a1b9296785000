"""Files of others, in and out: tables, GeoJSON, iCalendar, OpenStreetMap. Knows no scenario."""
