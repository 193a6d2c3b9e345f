"""Maps of real countries: outlines, rasters, roads by rule, profiles from governance data."""
