"""The pages, each a module with its component, and what only pages say."""
