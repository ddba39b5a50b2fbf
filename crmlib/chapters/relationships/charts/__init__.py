"""Pictures of the chapter: result in, chart out."""
