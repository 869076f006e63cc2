/* Files that are built into the program; each ends with a NUL that is not part of it. */
#ifndef INVONCE_MOCK_SERVER_BASE_EMBEDDED_H
#define INVONCE_MOCK_SERVER_BASE_EMBEDDED_H

extern const unsigned char embedded_schema_0001[];         /* store/schema/0001_initial.sql */
extern const unsigned char embedded_schema_0002[];         /* store/schema/0002_audit_fault.sql */
extern const unsigned char embedded_schema_0003[];         /* store/schema/0003_fewer_indexes.sql */
extern const unsigned char embedded_schema_0004[];         /* store/schema/0004_places.sql */
extern const unsigned char embedded_schema_0005_tables[];  /* store/schema/0005_tables.sql */
extern const unsigned char embedded_schema_0005_records[]; /* store/schema/0005_records.sql */
extern const unsigned char embedded_schema_0006[];         /* store/schema/0006_merged.sql */
extern const unsigned char
    embedded_schema_postgres_0001[]; /* store/schema/postgres_0001_tables.sql */
extern const unsigned char
    embedded_schema_postgres_0002[];           /* store/schema/postgres_0002_merged.sql */
extern const unsigned char embedded_openapi[]; /* protocol/openapi.yaml */

#endif
