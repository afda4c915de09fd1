"""What all parts share: settings, tables, objects, queues, clock, ids, audit, errors, HTTP."""
