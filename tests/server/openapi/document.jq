# Finding one's way in the document, $document[0].

def document: $document[0];

# A JSON pointer (RFC 6901) as a path of jq.
def path_of_pointer: ltrimstr("#/") | split("/") | map(gsub("~1"; "/") | gsub("~0"; "~"));

# What a reference leads to; anything else is itself.
def resolved:
  if type == "object" and has("$ref")
  then (.["$ref"] | path_of_pointer) as $path | document | getpath($path) | resolved
  else . end;

# The template that a path is of, or null; one without parameters comes first.
def template($path):
  if document.paths | has($path) then $path
  else ($path | split("/")) as $given
       | first(document.paths | keys_unsorted[]
               | (split("/")) as $parts
               | select(($parts | length) == ($given | length)
                        and all(range($parts | length);
                                . as $i | $parts[$i] == $given[$i]
                                          or ($parts[$i][:1] == "{" and $given[$i] != ""))))
       // null
  end;
