"""Looks at what the painter can do: `python -m imagen_demo.sandbox.painter --sheet [FILE]`."""

import argparse
from pathlib import Path

from imagen_demo.sandbox.painter.contact_sheet import contact_sheet


def main() -> None:
    """Write the contact sheet."""
    parser = argparse.ArgumentParser(
        prog="python -m imagen_demo.sandbox.painter",
        description="Draws fifty prompts side by side, always the same ones.",
    )
    parser.add_argument(
        "--sheet",
        type=Path,
        nargs="?",
        const=Path("sheet.png"),
        required=True,
        metavar="FILE",
        help="the PNG to write (sheet.png)",
    )
    contact_sheet().save(parser.parse_args().sheet, "PNG")


if __name__ == "__main__":
    main()
