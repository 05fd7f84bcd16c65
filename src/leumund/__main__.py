"""`python -m leumund` is `leumund`."""

from leumund.cli import main

main()
