"""What happens when consent is taken back, or a wrong image is deleted: nothing readable stays."""
