using System.Globalization;

namespace Portico.Engines.Process.Limits;

/// <summary>Limits the platform's own tools that read what strangers wrote, so that a small hostile file cannot use up the machine.</summary>
/// <remarks>
/// They are limits of processes and of their account, so they also hold where control groups cannot be written.
/// </remarks>
internal static class ToolLimits
{
    private const int Processes = 1024;

    private const long LeastMemoryBytes = 512L << 20, MostMemoryBytes = 4L << 30;

    /// <summary>The processor time of one tool. The largest histories need some minutes.</summary>
    private static readonly TimeSpan ProcessorTime = TimeSpan.FromMinutes(30);

    /// <summary>Arguments: seconds, KiB of memory that files are not mapped to, processes of the account, command. bash and dash name the last limit differently.</summary>
    private const string Script = """
        ulimit -c 0
        ulimit -t "$1"
        ulimit -d "$2"
        ulimit -p "$3" 2>/dev/null || ulimit -u "$3"
        shift 3
        exec "$@"
        """;

    private static readonly IReadOnlyList<string> Prefix =
    [
        "/bin/sh", "-c", Script, "sh", ProcessorTime.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        (MemoryBytes / 1024).ToString(CultureInfo.InvariantCulture), Processes.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>A quarter of the machine's memory.</summary>
    private static long MemoryBytes => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, LeastMemoryBytes, MostMemoryBytes);

    /// <summary>Returns a command that starts another one within the limits.</summary>
    public static IReadOnlyList<string> Apply(IReadOnlyList<string> command) => [.. Prefix, .. command];
}
