"""From a verified event to a stored one, and from a stored one to its answer; never lost, never twice."""
