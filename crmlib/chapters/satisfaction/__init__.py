"""Chapter 3, satisfaction and service: how satisfaction is measured, surveyed and designed into a service."""
