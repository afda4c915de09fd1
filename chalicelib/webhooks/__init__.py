"""Events out: receivers that curators register, and signed deliveries to them."""
