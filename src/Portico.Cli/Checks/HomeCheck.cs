namespace Portico.Cli.Checks;

/// <summary>Checks that this account can write to PORTICO_HOME and, as root, that the account of the workloads can reach it.</summary>
internal static class HomeCheck
{
    public static CheckResult Run(string home)
    {
        var place = NearestExisting(home);
        if (!IsWritable(place))
            return CheckResult.Error(
                "PORTICO_HOME", $"cannot write to {home}", "Set PORTICO_HOME to a directory that you own, or run as its owner.");
        if (Environment.IsPrivilegedProcess && FirstClosed(place) is { } closed)
            return CheckResult.Error(
                "PORTICO_HOME", $"the account that runs services cannot enter {closed}, which contains {home}",
                $"Set PORTICO_HOME to another directory, or run: chmod o+x {closed}");
        return CheckResult.Ok("PORTICO_HOME", home);
    }

    /// <summary>Returns the folder itself, or its nearest parent that exists.</summary>
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
