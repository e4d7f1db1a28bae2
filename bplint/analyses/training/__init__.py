"""Where training ends: circuits trained without noise on the states or modes that they turn, and how far from the minimum."""
