# The examples in the document, and the schema that they must keep to: .instance and .schema.
(.components.schemas | map_values(.examples // empty)) as $schemas
| (.components.parameters | map_values(select(.example))) as $parameters
| {
    instance: ($schemas + ($parameters | map_values([.example]))),
    schema: {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      components: .components,
      properties: (($schemas | with_entries(.value = {items: {"$ref": "#/components/schemas/\(.key)"}}))
                   + ($parameters | map_values({items: .schema})))
    }
  }
