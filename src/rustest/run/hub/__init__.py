"""Many event loops in one thread; the only place that touches asyncio's private names."""
