"""Components: functions that return their element, or enclose others; they take values and callbacks."""
