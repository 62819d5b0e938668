"""A file with a matrix: read, understood, and laid beside what the portal knows. Nothing here writes."""
