"""What systems outside of the exchange use of it: the client of its REST APIs."""
