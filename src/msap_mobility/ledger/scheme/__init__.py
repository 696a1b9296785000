"""A scheme on top of the journal: its rules as data, the guards of the law, its events as verbs."""
