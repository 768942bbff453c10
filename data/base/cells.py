"""The cells of time: visits, working hours and free times begin and end at full five minutes of UTC.

It is 5 in the schema's CHECKs too, so it is no setting.
"""

CELL_MINUTES = 5
