"""What people must be spared: passwords and private data seen by nobody else, floods, and what is kept too long."""
