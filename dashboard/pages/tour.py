"""The tour of the first page, step by step: what it points at, a title, and a sentence or two."""

EXPLORE = (
    (".story", "A scenario is a question",
     "Choose one here. It says what it asks, how its world works, and what to look for."),
    (".map-stage", "The map lives",
     "Dots are shipments on their way to a market, rings are seizures, diamonds are tips that "
     "travel between agencies. Borders are coloured by where officers stand."),
    (".bar", "Time is yours",
     "Space plays and pauses, the arrow keys go one week. Drag the line to any week, also back: "
     "the same seed always gives the same luck."),
    (".levers", "Move a lever",
     "It acts from the next week on. The small mark shows where the scenario has it, and "
     "everything you changed can be undone."),
    (".charts", "The grey line stays",
     "Your run is the solid line. The dashed one is the untouched scenario with the same luck, so "
     "the gap between them is what you did."),
    (".feed", "Ask why",
     "What happens is told in sentences. Press why? and follow the causes back."),
    (".inside", "Look inside",
     "Click a country or a border on the map, or choose a network, and see what it has and knows."),
    (".bar-keep", "Keep it",
     "The address line holds scenario, seed, levers and week: a link repeats your run. Scenario "
     "file saves it for the command line."),
)  # fmt: skip
