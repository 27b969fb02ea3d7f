"""What may be said about a tonne: claims, quality labels, disclosure."""
