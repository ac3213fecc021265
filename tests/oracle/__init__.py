"""An auditor's own sums: the duty of every project computed a second time from the delivered cells, sharing no code with the package.

Written from the rule catalogue, the survey and ``rules/ordinances/survey_share.yaml`` alone. Only ``product.py`` and the comparing tests
run the package. Where the two differ, one of them is wrong: mend it, and never the oracle to please the package.
"""
