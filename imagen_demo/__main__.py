"""`python -m imagen_demo` and, where it is installed, the command `imagen-demo`."""

import sys

from imagen_demo.installed import refuse_what_cannot_run


def main() -> None:
    """Do what the command line says."""
    refuse_what_cannot_run()
    from imagen_demo.command_line import run, start  # noqa: PLC0415 - not before that

    run(start(sys.argv[1:], "imagen-demo"))


if __name__ == "__main__":
    main()
