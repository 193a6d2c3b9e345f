"""The room: pages in the browser that explore one run, compare two, and show results.

Pages draw; they never compute a policy result themselves. What a page shows comes from
`simulation` (one run, week by week) and `experiments` (many runs). Everything is served from this
machine and works without internet.
"""
