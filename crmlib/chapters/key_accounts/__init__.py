"""Chapter 10. To be written: what the chapter is about."""
