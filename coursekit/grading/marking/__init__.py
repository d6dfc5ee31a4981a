"""From answers to marks: what is probed, how results are judged, and each different answer only once."""
