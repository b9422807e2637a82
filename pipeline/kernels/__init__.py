"""
The hot loops, compiled by numba; each has a plain-Python oracle in tests/pipeline/.

Every kernel has an explicit signature and `cache=True`: it is compiled once per machine (by
`make setup`, or at the first run) and loaded from the cache by every worker that calls it; those
that only other kernels call are in the code of these already. All of them work
on a batch: `codes` holds the code points of all its texts one after the other (uint32), and text
`i` is `codes[start[i] : start[i + 1]]`.
"""

from __future__ import annotations

import importlib.util
import pkgutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.abc import Loader
from types import ModuleType
from typing import Any

from seimai.pipeline.slim_imports import without

_loading = threading.RLock()
"""Held while a kernel is loaded or compiled; the kernels that it calls are in the same thread."""


class _Waiting:
    """
    A kernel whose signatures are loaded, or compiled, when it is first called.

    Loading one takes some ten milliseconds, and half of them are only called by others, which have
    them in their own code. numba asks a dispatcher for two things before it has a signature: what
    to do with arguments that it does not know, and what another kernel gets that calls it.
    """

    def __init__(self, kernel: Any, signatures: list[Any]) -> None:
        self._kernel = kernel
        self._signatures = signatures
        kernel.load_signatures = self.load
        kernel._compile_for_args = self._code_for  # noqa: SLF001 - numba has no other place for it
        kernel.get_call_template = self._template

    def load(self) -> None:
        """
        Load all signatures now, as `njit` would have; no others will be compiled.

        Where something has to be compiled, numba asks scipy for a BLAS once, for `np.correlate`,
        which no kernel has; `np.dot` would ask again.
        """
        with _loading:
            kernel = self._kernel
            if self._is_done():
                return
            typing = importlib.import_module("numba.core.typeinfer")
            with without("scipy"), typing.register_dispatcher(kernel):
                for signature in self._signatures:
                    kernel.compile(signature)
            kernel.disable_compile()

    def _code_for(self, *values: Any, **named: Any) -> Any:
        """What is to be called with these values: the kernel again, now that it knows them."""
        if not self._kernel._can_compile:  # noqa: SLF001 - all signatures are there, and none fits
            own = type(self._kernel)._compile_for_args  # noqa: SLF001 - as above
            return own(self._kernel, *values, **named)
        self.load()
        return self._kernel

    def _is_done(self) -> bool:
        """Whether its signatures are there, or about to be."""
        kernel = self._kernel
        return not kernel._can_compile or bool(kernel.is_compiling)  # noqa: SLF001 - as above

    def _template(self, *types: Any) -> Any:
        self.load()
        return type(self._kernel).get_call_template(self._kernel, *types)


def _put_off(njit: Callable[..., Any]) -> Callable[..., Any]:
    """`numba.njit`, of which kernels with signatures wait for their first call."""

    def decorator(signature: Any = None, **options: Any) -> Any:
        if signature is None or (callable(signature) and not hasattr(signature, "return_type")):
            return njit(signature, **options) if callable(signature) else njit(**options)

        def wait(function: Callable[..., Any]) -> Any:
            kernel = njit(**options)(function)
            if hasattr(kernel, "disable_compile"):  # NUMBA_DISABLE_JIT gives the function back
                _Waiting(kernel, signature if isinstance(signature, list) else [signature])
            return kernel

        return wait

    return decorator


def _ask_for_symbols() -> None:
    """
    Have numba ask modules of machine code for a symbol, in place of listing all they have.

    Of a kernel from the cache it wants to know two or three; to list all takes a third of the time
    that loading takes. A later numba that does it otherwise is left alone.
    """
    engine: Any = importlib.import_module("numba.core.codegen").JitEngine
    if not hasattr(engine, "_load_defined_symbols") or hasattr(engine, "unlisted"):
        return
    is_listed = engine.is_symbol_defined
    engine.unlisted = property(lambda self: vars(self).setdefault("_unlisted", []))

    def leave_unlisted(self: Any, module: Any) -> None:
        self.unlisted.append(module)

    def is_defined(self: Any, name: str) -> bool:
        if is_listed(self, name):
            return True
        # What is asked for is mostly what was loaded last.
        for module in reversed(self.unlisted):
            for look in (module.get_function, module.get_global_variable):
                with suppress(NameError):
                    if not look(name).is_declaration:
                        self._defined_symbols.add(name)
                        return True
        return False

    engine._load_defined_symbols = leave_unlisted  # noqa: SLF001 - as above
    engine.is_symbol_defined = is_defined


_TRIED_NUMBA = ("0.68.",)
"""Versions of numba of which every kernel was seen to load without what only its compiler needs."""


def _load_without_compiler() -> None:
    """
    Have numba load kernels from its cache without first importing all that it can compile.

    That takes half a second, and is done all the same by whatever has to be compiled.
    """
    numba: Any = importlib.import_module("numba")
    cache: Any = importlib.import_module("numba.core.caching").Cache
    if not numba.__version__.startswith(_TRIED_NUMBA) or hasattr(cache, "is_lean"):
        return
    runtime: Any = importlib.import_module("numba.core.runtime").rtsys

    def load(self: Any, signature: Any, target: Any) -> Any:
        runtime.initialize(target)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(signature, target)

    cache.load_overload, cache.is_lean = load, True


@contextmanager
def _kernels_wait() -> Iterator[None]:
    """Within the block `numba.njit` puts off what it would load."""
    numba: Any = importlib.import_module("numba")
    with _loading:
        njit = numba.njit
        numba.njit = _put_off(njit)
        try:
            yield
        finally:
            numba.njit = njit


def load_all(module: ModuleType) -> None:
    """Load all kernels of a module, and compile those that are not in the cache."""
    for kernel in list(vars(module).values()):
        if hasattr(kernel, "load_signatures"):
            kernel.load_signatures()


class _WaitingModule(ModuleType):
    """
    A module of kernels that runs when it is first asked for something.

    numba and its cache take a second to load; a run that only judges stored numbers again needs
    neither. Threads that ask meanwhile wait: the lazy modules of importlib let them see a half.
    """

    def __getattribute__(self, name: str) -> Any:
        with _loading:
            own = ModuleType.__getattribute__(self, "__dict__")
            # While its code runs, what is asked of it in this thread is there, or is not.
            if type(self) is _WaitingModule and "_runs" not in own:
                own["_runs"] = True
                try:
                    _run(self, own["__spec__"].loader)
                    self.__class__ = ModuleType
                finally:
                    del own["_runs"]
        return ModuleType.__getattribute__(self, name)


def _run(module: ModuleType, loader: Loader) -> None:
    """Load numba, make it load kernels quickly, and run the code of a module of them."""
    with without("scipy"):
        importlib.import_module("numba")
    _ask_for_symbols()
    _load_without_compiler()
    with _kernels_wait():
        loader.exec_module(module)


def _load_when_used(name: str) -> None:
    """Put a module of this folder in its place, without running it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    module.__class__ = _WaitingModule
    sys.modules[name] = module
    globals()[name.rpartition(".")[2]] = module


for _module in pkgutil.iter_modules(__path__, f"{__name__}."):
    _load_when_used(_module.name)


def __getattr__(name: str) -> Any:
    """Tell type checkers that kernels are attributes of this package."""
    raise AttributeError(f"there is no kernel module {name!r}")
