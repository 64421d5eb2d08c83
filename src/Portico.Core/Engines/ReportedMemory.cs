namespace Portico.Core.Engines;

/// <summary>
/// Recognizes programs that end themselves because they get no more memory, before the kernel kills them. Runtimes have limits of
/// their own, and abort with a signal or a status that does not mention memory. Their output does.
/// </summary>
public static class ReportedMemory
{
    /// <summary>How many of the last lines to search, because a stack trace may follow the message.</summary>
    public const int LinesToLookAt = 80;

    private static readonly (string Sign, string Who)[] Signs =
    [
        ("JavaScript heap out of memory", "Node.js reached the limit of its heap"),
        ("java.lang.OutOfMemoryError", "Java reached the limit of its heap"),
        ("fatal error: runtime: out of memory", "Go got no more memory"),
        ("fatal error: runtime: cannot allocate memory", "Go got no more memory"),
        ("System.OutOfMemoryException", ".NET reached the limit of its heap"),
        ("failed to allocate memory (NoMemoryError)", "Ruby got no more memory"),
        ("std::bad_alloc", "the program got no more memory"),
        ("eheap_alloc: Cannot allocate", "Erlang got no more memory"),
    ];

    /// <returns>What ran out of memory, such as <c>Node.js reached the limit of its heap</c>; null if the lines do not say so.</returns>
    public static string? In(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            foreach (var (sign, who) in Signs)
                if (line.Contains(sign, StringComparison.Ordinal))
                    return who;
            if (line.StartsWith("MemoryError", StringComparison.Ordinal))
                return "Python got no more memory";
            if (line.StartsWith("memory allocation of ", StringComparison.Ordinal) && line.EndsWith(" bytes failed", StringComparison.Ordinal))
                return "the program got no more memory";
        }
        return null;
    }
}
