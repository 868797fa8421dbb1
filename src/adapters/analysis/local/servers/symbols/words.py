"""What the Python files of a project say of a name, by their text."""
import re

# Files of a project that are read for one name that is missing.
MOST_READ = 4000


class Words:
    """What the Python files of a project say of a name; only files in which it stands are looked at more closely."""

    def __init__(self, texts):
        self.texts = list(texts)

    def gives(self, name):
        """True where something gives this name to anything: a definition, an import, an assignment, a keyword, a text."""
        word = re.escape(name)
        given = re.compile(rf"\b(?:def|class|import|as)\s+{word}\b|\b{word}\s*(?::[^=\n]+)?=(?!=)|[\"']{word}[\"']")
        return any(given.search(text) for text in self.texts if name in text)

    def writes(self, name):
        """True where a member of this name is assigned to something, or the name stands as a text."""
        written = re.compile(rf"\.{name}\s*(?::[^=\n]+)?=(?!=)|[\"']{name}[\"']")
        return any(written.search(text) for text in self.texts if name in text)

    def extended(self, name):
        """True where a class stands below one of this name, which may be made in another way."""
        below = re.compile(rf"\bclass\s+\w+\s*\((?:[^)]*[\s,.(])?{name}\s*[,)\[]")
        return any(below.search(text) for text in self.texts if name in text)

    def mixed(self, name):
        """True where a class stands below one of this name and below another: what is missing in the one may be there in the other."""
        below = re.compile(rf"\bclass\s+\w+\s*\((?:[^)]*,)?\s*(?:\w+\.)*{name}\b[^)]*\)")
        return any("," in found.group(0) for text in self.texts if name in text for found in below.finditer(text))

    def calls(self, name):
        return any(re.search(rf"(?<!class )(?<!def )\b{name}\(", text) for text in self.texts if name in text)

    def times(self, name):
        word = re.compile(rf"\b{re.escape(name)}\b")
        return sum(len(word.findall(text)) for text in self.texts if name in text)
