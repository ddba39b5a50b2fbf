"""What holds for every content package: its manifest names each file in it, and nothing that is not in it."""

import io
import xml.etree.ElementTree as ET
import zipfile

from defusedxml.ElementTree import fromstring

from readers.rich import local


def unpacked(content: bytes) -> dict[str, ET.Element]:
    """Return the files of a package, each read as XML, after checking its manifest."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert names == sorted(set(names))
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        files = {name: fromstring(archive.read(name)) for name in names}
    manifest = files["imsmanifest.xml"]
    assert [local(part) for part in manifest] == ["metadata", "organizations", "resources"]
    resources = list(manifest[2])
    known = [resource.attrib["identifier"] for resource in resources]
    assert len(set(known)) == len(known)
    named = [part.attrib["href"] for resource in resources for part in resource if local(part) == "file"]
    assert sorted(named) == sorted(name for name in names if name != "imsmanifest.xml")
    for resource in resources:
        assert resource.attrib.get("href", named[0]) in named
        needed = [part.attrib["identifierref"] for part in resource if local(part) == "dependency"]
        assert set(needed) <= set(known)
    return files


def resources(files: dict[str, ET.Element], kind: str) -> list[str]:
    """Return the files of a kind of resource, in the manifest's order."""
    found = [resource for resource in files["imsmanifest.xml"][2] if resource.attrib["type"] == kind]
    return [part.attrib["href"] for resource in found for part in resource if local(part) == "file"]


def bare(element: ET.Element) -> ET.Element:
    """Return an element with all names freed of their namespaces."""
    for part in element.iter():
        part.tag = local(part)
    return element


def only(element: ET.Element, path: str) -> ET.Element:
    """Return the one element at a path."""
    found = element.findall(path)
    assert len(found) == 1, f"{len(found)} × {path}"
    return found[0]
