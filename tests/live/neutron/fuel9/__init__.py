"""On Fuel 9.2, with floating IPs."""
