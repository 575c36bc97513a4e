"""The talk: what a message means in its place, what is decided, and the words of the answer."""
