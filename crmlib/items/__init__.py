"""What an item is, the bank, and from an item to what one student meets. No widget."""
