"""Charts and tables of the chapter: result in, chart or table out."""
