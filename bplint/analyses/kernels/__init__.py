"""What is compared without a gradient of one observable: rows by the overlaps of their states, and outcomes with samples."""
