"""What is asked: a lesson's exercises, how each is marked, and the cells that must run before an answer."""
