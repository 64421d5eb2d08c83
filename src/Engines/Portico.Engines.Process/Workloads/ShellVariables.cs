using System.Text;
using System.Text.RegularExpressions;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Passes each variable of a workload to its program. The shells in between can export only most names; the others take another
/// way, so that the program sees them too.
/// </summary>
/// <remarks><code>
/// most names                          exported by launch.sh with the workload's rights
/// a.b, a-b, UID, …                    in the environment from the start: bash hands on what it cannot or must not change
/// IFS, PWD, PS1                       set by the command's own shell, which resets them when it starts
/// PPID, RANDOM, …                     not at all: they are bash's own, and its value would replace the user's
/// </code></remarks>
internal static partial class ShellVariables
{
    /// <summary>The kernel's limit for one variable with its name, less what <c>launch.sh</c> puts before it.</summary>
    public const int MostBytesOfOne = (128 << 10) - 64;

    /// <summary>The limit for all variables. For variables and arguments together, the kernel allows a quarter of the usual stack.</summary>
    public const int MostBytes = (2 << 20) - (256 << 10);

    /// <summary>The size of the pointer that the kernel counts for each variable.</summary>
    private const int BytesBesideEach = 8 + 2;

    private const string SetAndRun = "__portico_line=$1; shift; export -- \"$@\"; set --; eval \"$__portico_line\"";

    /// <summary>Names that are read-only or arrays in a shell. It passes them on unchanged if they are in its environment.</summary>
    private static readonly HashSet<string> HandedOn = ["UID", "EUID", "GROUPS", "FUNCNAME", "PIPESTATUS", "DIRSTACK", "SECONDS"];

    private static readonly HashSet<string> Reset = ["IFS", "PWD", "PS1"];

    private static readonly HashSet<string> OfBash =
    [
        "_", "BASH", "BASHOPTS", "BASHPID", "BASH_ALIASES", "BASH_ARGC", "BASH_ARGV", "BASH_ARGV0", "BASH_CMDS", "BASH_COMMAND", "BASH_LINENO",
        "BASH_SOURCE", "BASH_SUBSHELL", "BASH_VERSINFO", "BASH_VERSION", "COMP_WORDBREAKS", "EPOCHREALTIME", "EPOCHSECONDS", "HISTCMD",
        "LINENO", "OPTIND", "PPID", "RANDOM", "SHELLOPTS", "SHLVL", "SRANDOM",
    ];

    /// <summary>Returns the variables that no program started by a shell can have.</summary>
    public static IEnumerable<string> Unsupported(IEnumerable<string> names) => names.Where(name => WayOf(name) == Way.None);

    public static IEnumerable<KeyValuePair<string, string>> Exported(IReadOnlyDictionary<string, string> variables) => On(Way.Exported, variables);

    public static IEnumerable<KeyValuePair<string, string>> PassedThrough(IReadOnlyDictionary<string, string> variables) => On(Way.PassedThrough, variables);

    /// <summary>Returns the command with assignments of those variables that its shell resets.</summary>
    public static IReadOnlyList<string> WithThoseOf(LaunchSpec spec)
    {
        var reset = On(Way.Reset, spec.Environment).Select(Assignment).ToArray();
        return reset.Length > 0 && spec.Command is [Launcher.Shell, "-c", var line]
            ? [Launcher.Shell, "-c", SetAndRun, "bash", line, .. reset]
            : spec.Command;
    }

    public static string Assignment(KeyValuePair<string, string> variable) =>
        $"{variable.Key}={variable.Value.Replace("\0", "", StringComparison.Ordinal)}";

    /// <exception cref="RunFailure">The kernel would refuse to start a program with these variables.</exception>
    public static void RequireSize(IReadOnlyDictionary<string, string> variables)
    {
        var total = 0L;
        foreach (var (name, value) in variables)
        {
            var bytes = Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
            if (bytes > MostBytesOfOne)
                throw new RunFailure(
                    $"The environment variable '{name}' has {bytes >> 10} KB; the kernel allows {MostBytesOfOne >> 10} KB. Put the value into a secret file.");
            total += bytes + BytesBesideEach;
        }
        if (total > MostBytes)
            throw new RunFailure(
                $"The environment variables have {total >> 10} KB together; the kernel allows {MostBytes >> 10} KB. Put large values into secret files.");
    }

    private static IEnumerable<KeyValuePair<string, string>> On(Way way, IReadOnlyDictionary<string, string> variables) =>
        variables.Where(variable => WayOf(variable.Key) == way);

    private static Way WayOf(string name) => name switch
    {
        ProcessTree.MarkerVariable => Way.None,
        _ when name.StartsWith("__portico_", StringComparison.Ordinal) || OfBash.Contains(name) => Way.None,
        _ when Reset.Contains(name) => Way.Reset,
        _ when HandedOn.Contains(name) => Way.PassedThrough,
        _ when Exportable.IsMatch(name) => Way.Exported,
        _ when Valid.IsMatch(name) => Way.PassedThrough,
        _ => Way.None,
    };

    private enum Way
    {
        Exported,
        PassedThrough,
        Reset,
        None,
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Exportable { get; }

    /// <summary>Matches names that a shell cannot mistake for a function, which it would run.</summary>
    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]*\z")]
    private static partial Regex Valid { get; }
}
