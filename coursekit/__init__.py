"""The instructors' tool: build, check, execute and release the course."""
