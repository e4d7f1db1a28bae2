"""What a terminal asks of text: how wide it is, and a line that lives while work goes on."""
