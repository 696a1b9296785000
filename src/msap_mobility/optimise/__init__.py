"""Search and proof over arrays. Knows no homes, no stops, no calendar: only numbers."""
