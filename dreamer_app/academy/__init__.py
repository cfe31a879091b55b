"""What happens to a dream after verification: records, training sets, lessons."""
