class Late:
    name = "late"
    version = "1"
    after = "minfy"

    def __init__(self, options):
        pass

    def refine(self, document):
        return document
