"""Result in, chart out."""
