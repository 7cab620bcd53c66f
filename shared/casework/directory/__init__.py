"""Who can be reached: organisations, as their own services announce them, and places by KATO code."""
