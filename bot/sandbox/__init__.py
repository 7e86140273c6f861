"""
A local Telegram: a strict Bot API, people to talk to, and a page to do it on.

    server       all of it over HTTP
    page         the page in the browser; page_api is what it calls
    api          the Bot API: how a call comes in, one function for each method
    people       what a person does in the chat
    checking     every call is checked: types, limits, keyboards, files
    formatting   HTML and Markdown, with Telegram's complaints
    updates      how the bot gets them: polling, webhook
    state        people, chats and files, kept in a journal
    faults       faults and flood limits on demand
    time         the clock that can be moved
"""
