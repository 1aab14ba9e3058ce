/* The schema, and the steps that lead to it, inside the program, so that a binary and its schema never part. */
    .macro embed name, file
    .global \name
    .type \name, @object
\name:
    .incbin "\file"
    .byte 0
    .size \name, . - \name
    .endm

    .section .rodata
    embed store_schema_sql, "store/sqlite/schema.sql"
    embed store_version_1_sql, "store/sqlite/migrations/1.sql"
    embed store_version_2_sql, "store/sqlite/migrations/2.sql"
    embed store_version_3_sql, "store/sqlite/migrations/3.sql"
    embed store_version_4_sql, "store/sqlite/migrations/4.sql"
    .section .note.GNU-stack, "", @progbits
