"""What pages are put together from: pieces, charts, the map, colours, the clock."""
