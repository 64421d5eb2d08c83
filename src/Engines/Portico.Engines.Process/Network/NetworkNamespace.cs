namespace Portico.Engines.Process.Network;

/// <summary>Compares the network namespaces of processes.</summary>
internal static class NetworkNamespace
{
    /// <summary>That of this process; null if it cannot be read.</summary>
    public static string? Own => Of("self");

    /// <summary>Whether a process is in another namespace than this one. A workload is, unless it is just starting.</summary>
    public static bool IsOther(int pid) => Of($"{pid}") is { } theirs && theirs != Own;

    private static string? Of(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/net").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
