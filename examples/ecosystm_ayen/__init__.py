"""A year of Ecosyst'M, the carpool of Ayen: from the call at the desk to euros for the baker."""
