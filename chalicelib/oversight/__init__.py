"""What curators and administrators watch: the day's overview, the audit trail, models, dead letters."""
