"""The course's site: plain files, in every language, that any static host can serve."""
