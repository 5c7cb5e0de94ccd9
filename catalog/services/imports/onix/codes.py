"""What the codes of ONIX's lists mean in this shop."""

from catalog.enums import BookFormat, ContributorRole, SubjectScheme
from catalog.services.imports.feeds import Wish

_AUTHOR, _EDITOR = ContributorRole.AUTHOR, ContributorRole.EDITOR
_TRANSLATOR, _ILLUSTRATOR = ContributorRole.TRANSLATOR, ContributorRole.ILLUSTRATOR
_NARRATOR = ContributorRole.NARRATOR

# List 1. Of 2.1 only: 12, 13 and 14 bring offers alone.
WISHES = {
    "01": Wish.REPLACE,
    "02": Wish.REPLACE,
    "03": Wish.REPLACE,
    "04": Wish.UPDATE,
    "05": Wish.WITHDRAW,
    "08": Wish.NOTHING,
    "09": Wish.UPDATE,
    "12": Wish.UPDATE,
    "13": Wish.NOTHING,
    "14": Wish.UPDATE,
    "88": Wish.NOTHING,
    "89": Wish.NOTHING,
}
OFFERS_ONLY = frozenset(("12", "14"))
NOTES = {"08": "SOLD_TO_ANOTHER_PUBLISHER", "13": "MARKETS_ONLY", "88": "TEST", "89": "TEST"}

# List 17. Whoever wrote a preface is told among the facts, not among the authors.
_WRITERS = "A01 A02 A03 A04 A06 A09 A14 A18 A31 A38 A45 B03 B07"
ROLES: dict[str, tuple[ContributorRole, ...]] = {
    **dict.fromkeys(_WRITERS.split(), (_AUTHOR,)),
    **dict.fromkeys(("A07", "A08", "A12", "A13", "A35", "A46"), (_ILLUSTRATOR,)),
    **dict.fromkeys(("B01", "B02", "B11", "B12", "B13", "B16", "B20", "B21", "C01"), (_EDITOR,)),
    **dict.fromkeys(("B06", "B08"), (_TRANSLATOR,)),
    "B10": (_EDITOR, _TRANSLATOR),
    **dict.fromkeys(("E03", "E07"), (_NARRATOR,)),
}
PREFACES = {
    "A15": "Preface",
    "A19": "Afterword",
    "A22": "Epilogue",
    "A23": "Foreword",
    "A24": "Introduction",
}

# Lists 7 and 150.
FORMATS: dict[str, BookFormat] = {
    "BB": BookFormat.HARDBACK,
    "BG": BookFormat.HARDBACK,
    "BC": BookFormat.PAPERBACK,
    "DG": BookFormat.EBOOK,
}
# Whose first letter tells.
FORMATS_BY_KIND: dict[str, BookFormat] = {"A": BookFormat.AUDIOBOOK, "E": BookFormat.EBOOK}
AUDIOBOOK_CONTENT = "01"
# Film, licences, video, what shops are decorated with, merchandise.
NOT_BOOKS = frozenset("FLVXZ")
FORMS = {
    "BD": "Loose-leaf",
    "BE": "Spiral bound",
    "BF": "Pamphlet",
    "BG": "Leather or fine binding",
    "BH": "Board book",
    "BI": "Rag book",
    "BJ": "Bath book",
    "BK": "Novelty book",
    "BM": "Big book",
    "BN": "Part-work",
    "BO": "Fold-out book",
    "CA": "Sheet map",
    "CB": "Folded map",
    "CE": "Globe",
    "PC": "Calendar",
    "PD": "Cards",
    "PF": "Diary",
    "PH": "Kit",
    "PI": "Sheet music",
    "PK": "Poster",
    **dict.fromkeys(("SA", "SB", "SC", "SD", "SE", "SF", "SG", "SH"), "Set"),
    "WW": "Mixed media set",
}

# List 27. Qualifiers of Thema (94 to 99) count where the shop has mapped them.
SCHEMES = {
    "10": SubjectScheme.BISAC,
    "12": SubjectScheme.BIC,
    **{str(scheme): SubjectScheme.THEMA for scheme in range(93, 100)},
}

# List 23, the best first: pages of the main content, of the whole, of the printed counterpart.
PAGE_COUNTS = ("00", "05", "11", "07", "08", "10")
IN_PAGES = "03"
RUNNING_TIME = "09"

MEASURES = {"01": "height", "02": "width", "03": "thickness", "08": "weight"}
UNITS = {"gr": "g", "in": "in", "mm": "mm", "cm": "cm", "kg": "kg", "oz": "oz", "lb": "lb"}

# List 21.
EDITION_TYPES = {
    "ABR": "Abridged",
    "ACT": "Acting edition",
    "ADP": "Adapted",
    "ANN": "Annotated",
    "BLL": "Bilingual",
    "CMB": "Combined volume",
    "CRI": "Critical edition",
    "ENL": "Enlarged",
    "FAC": "Facsimile",
    "ILL": "Illustrated",
    "LTE": "Large type",
    "NED": "New edition",
    "REV": "Revised",
    "SCH": "School edition",
    "SPE": "Special edition",
    "UBR": "Unabridged",
    "ULP": "Ultra large print",
    "UXP": "Unexpurgated",
    "VAR": "Variorum",
}

# Lists 64 and 65: what is not simply to be had.
STATUSES = {
    "01": "Cancelled",
    "03": "Postponed indefinitely",
    "05": "No longer this publisher’s",
    "06": "Out of stock indefinitely",
    "07": "Out of print",
    "08": "Inactive",
    "10": "Remaindered",
    "11": "Withdrawn from sale",
    "12": "Recalled",
    "15": "Recalled",
    "16": "Withdrawn for the time being",
    "17": "Withdrawn for good",
}
AVAILABILITIES = {
    "01": "Cancelled",
    "09": "Postponed indefinitely",
    "10": "Not yet available",
    "11": "Not yet available",
    "12": "Not yet available",
    "22": "To order",
    "23": "Printed on demand",
    "30": "Temporarily unavailable",
    "31": "Out of stock",
    "32": "Reprinting",
    "33": "Awaiting reissue",
    "34": "Withdrawn for the time being",
    "40": "Not available",
    "41": "Replaced by a new product",
    "42": "Available in another format",
    "43": "No longer supplied",
    "46": "Withdrawn from sale",
    "47": "Remaindered",
    "48": "Replaced by print on demand",
    "49": "Recalled",
    "51": "Out of print",
}
# List 54, of 2.1.
AVAILABILITIES_2_1 = {
    "AB": "Cancelled",
    "EX": "No longer supplied",
    "MD": "Printed on demand",
    "NP": "Not yet available",
    "NY": "Not yet available",
    "OF": "Available in another format",
    "OI": "Out of stock indefinitely",
    "OP": "Out of print",
    "OR": "Replaced by a new product",
    "PP": "Postponed indefinitely",
    "RF": "No longer supplied",
    "RM": "Remaindered",
    "RP": "Reprinting",
    "RU": "Reprinting",
    "TO": "To order",
    "TP": "Temporarily unavailable",
    "TU": "Temporarily unavailable",
    "UR": "Awaiting reissue",
    "WR": "Will be remaindered",
    "WS": "Withdrawn from sale",
}
