"""What is told to whom, written beside the change it tells and waiting to be carried out."""
