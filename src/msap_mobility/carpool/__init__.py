"""Carpooling: neighbours who share a car, what the law asks of it, and its proof."""
