"""Explorers: controls built from a study's declaration, and figures that follow in place."""

from crmlib.plotting.library import send_ahead

send_ahead()
