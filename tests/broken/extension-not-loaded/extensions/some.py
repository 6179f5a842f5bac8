class Options:
    name = "options"
    version = "1"

    def __init__(self, options):
        self.size = options["size"]


class Nameless:
    def __init__(self, options):
        pass

    def convert(self, text, then):
        return then(text)


class Nothing:
    name = "nothing"
    version = "1"

    def __init__(self, options):
        pass


class Late:
    name = "late"
    version = "1"
    after = "minfy"

    def __init__(self, options):
        pass

    def refine(self, document):
        return document
