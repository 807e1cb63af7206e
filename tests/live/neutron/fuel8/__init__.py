"""On Fuel 8.0, first without floating IPs, then with."""
