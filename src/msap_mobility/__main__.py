"""``python -m msap_mobility`` is ``msap``."""

from msap_mobility.cli import main

if __name__ == "__main__":
    main()
