"""The dream engine: nights, scheduling of trials, waking up."""
