"""What a browser calls itself (its User-Agent header), in words that its owner knows."""

from data.base.words import Words

# the first that occurs counts: most pretend to be others as well
BROWSERS = (
    ('Edg', 'Edge'),
    ('OPR/', 'Opera'),
    ('SamsungBrowser', 'Samsung Internet'),
    ('Firefox', 'Firefox'),
    ('FxiOS', 'Firefox'),
    ('CriOS', 'Chrome'),
    ('Chrome', 'Chrome'),
    ('Safari', 'Safari'),
)
SYSTEMS = (
    ('iPhone', 'iPhone'),
    ('iPad', 'iPad'),
    ('Android', 'Android'),
    ('Windows', 'Windows'),
    ('CrOS', 'ChromeOS'),
    ('Mac OS X', 'Mac'),
    ('Linux', 'Linux'),
)


def browser_words(user_agent: str, words: Words) -> str:
    """'Firefox on Windows'."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), '')
    system = next((name for sign, name in SYSTEMS if sign in user_agent), '')
    if browser and system:
        return words('{browser} on {system}', browser=browser, system=system)
    return browser or system or words('An unknown browser')
