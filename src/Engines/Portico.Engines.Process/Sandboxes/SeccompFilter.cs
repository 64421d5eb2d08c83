namespace Portico.Engines.Process.Sandboxes;

/// <summary>
/// The system calls that a workload may not make. Like the default of container engines, it refuses what changes the machine,
/// makes namespaces, or is a large part of the kernel that apps do not need. Everything else is allowed.
/// </summary>
/// <remarks>
/// The kernel passes <c>struct seccomp_data { int number; u32 architecture; u64 instruction pointer; u64 arguments[6]; }</c>.
/// Only the low half of an argument is checked: the kernel itself reads no more of these.
/// </remarks>
internal static class SeccompFilter
{
    private const uint Allow = 0x7FFF0000, KillProcess = 0x80000000, Refuse = 0x00050000 | NotPermitted;
    private const uint NotPermitted = 1, NotImplemented = 38, FamilyNotSupported = 97, ErrorResult = 0x00050000;
    private const uint NumberOffset = 0, ArchitectureOffset = 4, FirstArgument = 16, SecondArgument = 24;

    /// <summary>The numbers of the x32 interface, a second set of system calls of x86-64.</summary>
    private const uint FirstOfX32 = 0x40000000;

    /// <summary>CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, and for <c>unshare</c> NEWTIME.</summary>
    private const uint NewNamespaces = 0x7E020000, NewTimeNamespace = 0x80;

    /// <summary>AF_UNIX, AF_INET, AF_INET6, AF_NETLINK.</summary>
    private static readonly uint[] Families = [1, 2, 10, 16];

    /// <summary>TIOCSTI and TIOCLINUX, which type into a terminal.</summary>
    private static readonly uint[] TerminalInput = [0x5412, 0x541C];

    /// <summary>The usual execution domains, with those of 32-bit programs; the last value only asks.</summary>
    private static readonly uint[] Personalities = [0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF];

    /// <summary>The filter for this machine; null if there is none for its processor.</summary>
    public static byte[]? Current => SystemCalls.Current is { } calls ? For(calls) : null;

    public static byte[] For(SystemCalls calls)
    {
        var filter = new BpfProgram()
            .Load(ArchitectureOffset).ExitUnlessEqual(calls.Architecture, KillProcess)
            .Load(NumberOffset);
        if (calls.HasX32)
            filter.ExitIfAtLeast(FirstOfX32, ErrorResult | NotImplemented);
        // A C library that gets this answer uses clone, whose flags can be checked: those of clone3 are in memory.
        filter.ExitIfEqual(calls.Clone3, ErrorResult | NotImplemented)
            .IfEqual(calls.CloneProcess, then => then.Load(FirstArgument).ExitIfAnyBit(NewNamespaces, Refuse).Exit(Allow))
            .IfEqual(calls.Unshare, then => then.Load(FirstArgument).ExitIfAnyBit(NewNamespaces | NewTimeNamespace, Refuse).Exit(Allow))
            .IfEqual(calls.Socket, then => OnlyThese(then.Load(FirstArgument), Families, ErrorResult | FamilyNotSupported))
            .IfEqual(calls.Personality, then => OnlyThese(then.Load(FirstArgument), Personalities, Refuse))
            .IfEqual(calls.Ioctl, then => NoneOfThese(then.Load(SecondArgument), TerminalInput));
        foreach (var call in calls.Refused)
            filter.ExitIfEqual(call, Refuse);
        return filter.Exit(Allow).ToBytes();
    }

    private static void OnlyThese(BpfProgram program, uint[] values, uint otherwise)
    {
        foreach (var value in values)
            program.ExitIfEqual(value, Allow);
        program.Exit(otherwise);
    }

    private static void NoneOfThese(BpfProgram program, uint[] values)
    {
        foreach (var value in values)
            program.ExitIfEqual(value, Refuse);
        program.Exit(Allow);
    }
}
