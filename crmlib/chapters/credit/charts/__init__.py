"""What the chapter on credit draws."""
