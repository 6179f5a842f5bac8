class _Extension:
    version = "1"

    def __init__(self, options):
        pass


class Words(_Extension):
    name = "words"

    def convert(self, text, then):
        if "secret" in text:
            raise KeyError("secret")
        return then(text)


class Functions(_Extension):
    name = "functions"
    filters = {}

    @staticmethod
    def half(number):
        return 1 / number

    functions = {"half": half}


class Html(_Extension):
    name = "html"
    after = ""

    def refine(self, document):
        if "fragile" in document.text:
            raise ValueError("a fragile page")
        return document
