"""Room for kernels: how many may start at once."""

from dimios_core.access.readers import Reader
from dimios_core.serve.kernels import LiveKernels
from tests.serve.serving import PAGE, wait_for


def test_only_so_many_start_at_once_and_the_next_when_one_is_done() -> None:
    async def ask() -> list[bool]:
        kernels = LiveKernels(manager={}, most=100, most_starting=2)
        readers = [Reader(f"Reader {i}", "lillby", f"link {i}", f"session {i}") for i in range(3)]
        answers = [await kernels.make_room(reader, PAGE) for reader in readers]
        kernels.start_ended(readers[0], PAGE)
        return [*answers, await kernels.make_room(readers[2], PAGE)]

    assert wait_for(ask()) == [True, True, False, True]
