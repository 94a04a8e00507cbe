# SPDX-License-Identifier: GPL-2.0-or-later
#
# docs/events.md -> what it says, in lines to compare:
#
#	attribute NAME          it describes this attribute of every event
#	other NAME              ... or of some
#	has EVENT NAME          the event has this one besides those of every event
#	without EVENT NAME      ... but not this one of those
#	needs EVENT FUNCTION    kernel functions
#	word NAME WORD          what an attribute can be

function names(kind, text) {
	while (match(text, /`[^`]+`/)) {
		print kind, event, substr(text, RSTART + 1, RLENGTH - 2)
		text = substr(text, RSTART + RLENGTH)
	}
}

function unquoted(cell) {
	gsub(/[ `]/, "", cell)
	return cell
}

BEGIN { FS = "|" }
/^## / { kind = /every event/ ? "attribute" : /Other/ ? "other" : ""; event = "" }
/^### / { event = substr($0, 5) }
/^- Needs: / { names("needs", $0) }
/^- Without: / { names("without", $0) }
/^- Attributes: / { names("has", $0) }
!/^\|/ { column = "" }
/^\| `/ && kind { print kind, unquoted($2); next }
/^\| `/ && !column { column = unquoted($2); next }
/^\| `/ { print "word", column, unquoted($2) }
