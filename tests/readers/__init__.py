"""Readers of exported papers, written from what each format says of itself and from nothing of the writers."""
