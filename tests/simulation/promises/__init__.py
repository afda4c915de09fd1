"""What must be true of a history, promise by promise."""
