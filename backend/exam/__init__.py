"""The self-study examination (自学考试): its registry, its services, and when they are open."""
