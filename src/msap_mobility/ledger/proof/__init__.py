"""Proof that a ledger is what it was: verification, checkpoints, receipts, backups, exports.

`verify.verify` reads a scheme through, `verify.verify_file` one too damaged to be opened;
`checkpoint.checkpoint` gives what shows a cut end or a rewrite; `receipt.receipt` what a member
keeps; `backup.backup` and `backup.restore` whole verified copies; `export.export_entries` the
entries as text, which `export.check_export` checks and `backup.replay` makes a ledger of again.
"""
