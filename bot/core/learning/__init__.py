"""What was not understood: misses, their clusters, and what operators teach."""
