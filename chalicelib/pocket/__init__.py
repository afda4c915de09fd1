"""What a patient sees and does of his own: his lesions, their photographs and course, his consent."""
