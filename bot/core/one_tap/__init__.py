"""Settings in one tap: configuration profiles and the links that lead to them."""
