"""What is outside: pictures that strangers made, addresses that strangers named."""
