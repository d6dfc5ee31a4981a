"""What is told of the marks: to students, to the instructor, and to other programs."""
