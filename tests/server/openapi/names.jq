# What of OpenAPI 3.1 no schema can say, a line for each thing that is wrong.
# usage: jq -rn --slurpfile document FILE -f names.jq

include "document";

def operations:
  document.paths | to_entries[] | .key as $path | .value | to_entries[]
  | select(.value | type == "object" and has("responses"))
  | {$path, method: .key, operation: .value, name: "\(.key) \($path)"};

def repeated: group_by(.)[] | select(length > 1)[0];

(document.openapi | tostring | select(test("^3\\.1\\.[0-9]+$") | not) | "version \(.) isn't 3.1"),
(document | [.. | objects | .["$ref"]? | strings] | unique[]
 | select(path_of_pointer as $path | document | getpath($path) == null)
 | "\(.) leads nowhere"),
([operations.operation.operationId] | repeated | "operationId \(.) is there twice"),
(operations | select(.operation.operationId == null) | "\(.name) has no operationId"),
(operations | .name as $name | .operation.tags[]?
 | select(IN(document.tags[].name) | not) | "\($name): no tag \(.)"),
(operations
 | ([.path | scan("\\{([^}]+)\\}")[]] | sort) as $wanted
 | ([.operation.parameters[]? | resolved | select(.in == "path").name] | sort) as $declared
 | select($wanted != $declared)
 | "\(.name): parameters of the path are \($wanted), those declared are \($declared)"),
(document.security + [operations.operation.security[]?] | flatten[] | keys[]
 | select(IN(document.components.securitySchemes | keys[]) | not) | "no security scheme \(.)")
