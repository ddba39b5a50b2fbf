"""Builds, reruns and pages."""
