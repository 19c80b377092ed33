"""Evidence: photos and files that prove a record. What comes in is judged by its content before it is kept."""
