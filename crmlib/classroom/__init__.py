"""A class on one server: who may come in, a student's own server, and the proxy in front of all.

``docs/classroom.md`` says how to run it; ``docs/classroom/jupyterhub_config.py`` puts the parts together.
"""
