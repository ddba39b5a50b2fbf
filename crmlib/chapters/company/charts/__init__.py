"""Charts of the chapter: a result in, a chart out."""
