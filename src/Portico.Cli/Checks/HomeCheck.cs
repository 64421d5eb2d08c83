namespace Portico.Cli.Checks;

/// <summary>Whether PORTICO_HOME can be written to and, as root, be reached by the account that workloads run as.</summary>
internal static class HomeCheck
{
    public static CheckResult Run(string home)
    {
        var place = NearestExisting(home);
        if (!IsWritable(place))
            return CheckResult.Error(
                "PORTICO_HOME", $"{home} cannot be written to", "Set PORTICO_HOME to a folder of your own, or run as the account that owns it.");
        if (Environment.IsPrivilegedProcess && FirstClosed(place) is { } closed)
            return CheckResult.Error(
                "PORTICO_HOME", $"{home} is inside {closed}, which the account that services run as may not enter",
                $"Set PORTICO_HOME to another place, or: chmod o+x {closed}");
        return CheckResult.Ok("PORTICO_HOME", home);
    }

    /// <summary>The folder itself, or the nearest one above that is there.</summary>
    public static string NearestExisting(string folder)
    {
        var at = folder;
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } above)
            at = above;
        return at;
    }

    private static bool IsWritable(string folder)
    {
        var probe = Path.Combine(folder, $".portico-{Environment.ProcessId}");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
                return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? FirstClosed(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
            if (!File.GetUnixFileMode(at).HasFlag(UnixFileMode.OtherExecute))
                return at;
        return null;
    }
}
