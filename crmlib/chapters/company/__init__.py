"""Chapter 11: company XX, its diagnosis, its data, its measures, and a CRM project in phases."""
