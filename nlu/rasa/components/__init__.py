"""What Rasa does not have: reading as the embedded interpreter does, and how characters sound."""
