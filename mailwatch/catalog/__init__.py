"""checks/ and thresholds.yaml: what each metric means, and the numbers it is compared with."""
