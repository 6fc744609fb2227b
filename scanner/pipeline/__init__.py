"""The order of the stages; nothing else knows it.

`workspace` owns the folder and its lock, `scan` runs files through all stages,
`lists` keeps the watchlists, `training` makes models, `ad_hoc` answers single
questions, `runs` looks after finished runs and `doctor` looks for trouble.
"""
