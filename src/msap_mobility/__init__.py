"""Rounds, rides and reach for people who live far from everything."""
