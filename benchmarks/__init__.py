"""Speed and memory against the best peers, on the same work in the same run."""
