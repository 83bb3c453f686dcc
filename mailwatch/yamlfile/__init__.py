"""The strict reading of any YAML file: the tree, and the shapes that give its values types."""
