"""
The channels by which messages reach people. Each has its own queue, pace and outages, so that one that is down delays
no other. docs/channels.md tells how to add one.
"""
