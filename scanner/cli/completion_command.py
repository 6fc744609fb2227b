"""`scanner completion`: a script that lets the shell complete commands and options."""

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(ctx: click.Context, *, shell: str) -> None:
    """Print the completion script of a shell, to be read by it when it starts.

    \b
    Examples:
      scanner completion bash > ~/.local/share/bash-completion/completions/scanner
      scanner completion zsh > ~/.zfunc/_scanner
    """
    maker = get_completion_class(shell)
    assert maker is not None
    root = ctx.find_root().command
    click.echo(maker(root, {}, "scanner", "_SCANNER_COMPLETE").source())
