# The document without its Schema Objects and the members that OpenAPI 3.0 didn't have, as one of 3.0:
# webhooks are paths there.
if (.openapi | test("^3\\.1\\.[0-9]+$")) then .openapi = "3.0.3" else . end
| .paths += (.webhooks // {} | with_entries(.key |= "/\(.)")) | del(.webhooks)
| del(.info.summary, .info.license.identifier)
| .components.schemas |= map_values({})
| walk(if type == "object" and has("schema") then .schema = {} else . end)
