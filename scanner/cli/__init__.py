"""The command line: parses what a person types, shows what the pipeline answers.

`app` is the group that loads each command's module only when it runs, so that
`scanner --help` stays light. Each `*_command` module holds one command (or one
group of them) named `command`. `output` owns stdout, `diagnostics` owns stderr
and the exit codes.
"""
