"""The region's statistics (F13): what its organisations have published, collected and added up."""
