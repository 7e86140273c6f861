"""
The channels by which messages reach people. Each has its own queue, pace and outages, so that a broken channel does not
delay the others. docs/channels.md explains how to add one.
"""
