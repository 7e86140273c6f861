"""One table in each module. All are loaded together, so that foreign keys and migrations find every table."""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
