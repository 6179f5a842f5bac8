"""A classic script in fewer bytes."""


def minify_script(text: str) -> str:
    """Give a classic script that does the same in fewer bytes; names that other scripts may use stay.

    Raises:
        ValueError: it is not a script that the minifier reads, such as a module.
    """
    from turbohtml.clean import minify_js  # noqa: PLC0415 - 6 ms

    return minify_js(text)
