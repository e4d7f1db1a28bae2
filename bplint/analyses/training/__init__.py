"""Where training ends: circuits trained without noise on the states that they can reach, and how far that is from the minimum."""
