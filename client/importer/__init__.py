"""Takes an archive of images into Rodinka: `python -m client.importer ARCHIVE --mapping …`."""
