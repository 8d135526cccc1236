# The tables that benchmarks print, as JSON for `outthink-bench report --add`: awk -f speed_tables.awk FILE...
#
# Columns stand at least two spaces apart. A line of three columns or more without a number after its first
# is a table's head, the lines below with a number are its rows, and the last other line before it names it.
# Such a line among the rows begins a table with the same head; an empty line ends it.
BEGIN { FS = "  +"; print "{\"speed\": [" }
FNR == 1 { close_table(); title = FILENAME; sub(/.*\//, "", title); sub(/\.[a-z]*$/, "", title) }
{
  sub(/^ +/, "")
  sub(/ +$/, "")
  numbers = 0
  for (i = 2; i <= NF; ++i) numbers += is_number($i)
}
NF >= 3 && numbers == 0 { open_table(); next }
NF >= 2 && numbers > 0 && columns { add_row(); next }
NF > 0 { write_table(); title = $0 }
NF == 0 { close_table() }
END { close_table(); print "]}" }

function is_number(text) { return text ~ /^-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?$/ }

function quoted(text) {
  gsub(/\\/, "\\\\", text)
  gsub(/"/, "\\\"", text)
  return "\"" text "\""
}

function list(  i, made) {
  for (i = 1; i <= NF; ++i) made = made (i > 1 ? ", " : "") (i > 1 && is_number($i) ? $i : quoted($i))
  return "[" made "]"
}

function open_table() {
  close_table()
  columns = list()
  rows = ""
}

function add_row() { rows = rows (rows == "" ? "" : ",\n    ") list() }

function close_table() {
  write_table()
  columns = ""
}

function write_table() {
  if (rows != "") {
    printf "%s  {\"table\": %s, \"columns\": %s, \"rows\": [\n    %s]}", separator, quoted(title), columns, rows
    separator = ",\n"
  }
  rows = ""
}
