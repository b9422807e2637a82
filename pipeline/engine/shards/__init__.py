"""What a worker does with a split or a shard."""
