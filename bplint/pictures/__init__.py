"""What is drawn of a circuit and of a family, as numbers on a grid or over the sizes; by whatever means it is drawn."""
