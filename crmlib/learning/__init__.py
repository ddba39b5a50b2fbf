"""What a student meets: cards, practice, the mock exam, progress."""
