"""How a patient gets to his own things: one-time codes from his doctor, and his account."""
