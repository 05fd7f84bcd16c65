"""The pages in the browser: one local web application, made of the same readings as everything else.

    page        PAGE = Page(path, title, take, ...): one page, found by being there in pages/
    sight       what a page sees: one state of the lab, each reading taken once
    reader      the process beside the server that reads the lab and draws, and goes when nobody asks
    desk        between the two: who asked for what, what is remembered, what is still being worked out
    guard       hosts, sessions, forms, headers: what may come in and what may go out
    look        language, theme, menu, templates
    api         the same readings for programs
    app         all of it put together

The server itself holds no lab: it stays small, and a question that takes long does not keep the others waiting.
"""
