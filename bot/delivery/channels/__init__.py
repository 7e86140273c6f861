"""
The ways to people. What waits to be told names its channel (core.enums.ChannelKind); each channel has a queue, a pace
and outages of its own, so that one that is down holds up no other. docs/channels.md tells how to add one.
"""
