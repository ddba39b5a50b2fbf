"""For authors of chapters: what a chapter still lacks, and the skeleton of a new one."""
