"""The game of chapter 11: eight quarters at the head of Company XX's customer relationship management."""
