"""Patient code → pseudonym, surveys, lesions, consent."""
