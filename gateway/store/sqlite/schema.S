/* schema.sql inside the program, so that a binary and its schema never part. */
    .section .rodata
    .global store_schema_sql
    .type store_schema_sql, @object
store_schema_sql:
    .incbin "store/sqlite/schema.sql"
    .byte 0
    .size store_schema_sql, . - store_schema_sql
    .section .note.GNU-stack, "", @progbits
