"""The lab's own files: register (SQLite) and segments (Parquet). The only code that opens files of a lab."""
