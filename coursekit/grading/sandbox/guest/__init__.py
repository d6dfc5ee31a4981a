"""What runs inside the sandbox, where students can read and change it: it imports nothing of the grader."""
