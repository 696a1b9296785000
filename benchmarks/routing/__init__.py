"""The routing engine beside others, on the field's own instances."""
