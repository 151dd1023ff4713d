"""The way out of the workbench: whether figures of groups may be told beside everything published, and where they are published."""
