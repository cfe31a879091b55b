"""Who is there: input, sessions, video and calls, games. One module per source, merged into one idle clock.

It sees that something happened and when, never what: no key, no text, no picture, no window content. It decides
nothing; the policy does. Its modules run in the sentinel, so they import late what is heavy or may be missing.
"""
