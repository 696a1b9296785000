"""The treasurer's books: statements, trial balance, FEC, circulation, slips, exports.

They read the journal and never change it; only `slips` posts, through the verbs of the ledger.
"""
