"""Formulas of the chapter: satisfaction index, Kano, choice of a survey, gaps of service quality, service blueprint."""
