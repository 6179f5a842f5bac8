class Look:
    name = "look"
    version = "1"

    def __init__(self, options):
        pass

    def check(self, release, read):
        return [read(one).decode() for one in release.artifacts][999]
