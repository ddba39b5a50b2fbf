"""Satisfaction and loyalty."""
