using System.Globalization;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Workloads;

/// <summary>Finds processes of a sandbox from outside of it.</summary>
/// <remarks><code>
/// main process            outside of the sandbox; ends with the status of the command
///   └ first process       number 1 inside; when it ends, the kernel kills all others
///       └ command         number 2 inside
/// </code></remarks>
internal static class SandboxProcesses
{
    private const string NumbersField = "NSpid:", CommandInside = "2";

    /// <summary>Returns the first process of a sandbox; null if it does not exist yet or any more.</summary>
    public static int? FirstOf(ProcessIdentity main) => main.IsAlive() ? ChildrenOf(main.Pid).Select(pid => (int?)pid).FirstOrDefault() : null;

    public static ProcessIdentity? CommandOf(ProcessIdentity main) => FirstOf(main) is { } first
        ? ChildrenOf(first).Where(IsCommand).Select(ProcessIdentity.Of).FirstOrDefault(process => process is not null)
        : null;

    private static bool IsCommand(int pid) =>
        Read($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(NumbersField, StringComparison.Ordinal)) is { } line
        && line.Split('\t') is [_, _, .., CommandInside];

    private static IEnumerable<int> ChildrenOf(int pid)
    {
        // A kernel without this file is rare; there, all processes are read.
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task/{pid}/children");
        return File.Exists(file)
            ? Read(file).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(text => int.Parse(text, CultureInfo.InvariantCulture))
            : ProcStat.ReadAll().Where(stat => stat.Parent == pid).Select(stat => stat.Pid);
    }

    private static string[] Read(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process has ended.
            return [];
        }
    }
}
