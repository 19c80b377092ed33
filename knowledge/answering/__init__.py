"""From a question to one of three: an answer with its source, a question back, or an honest "I don't know"."""
