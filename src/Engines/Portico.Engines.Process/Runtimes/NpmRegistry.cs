namespace Portico.Engines.Process.Runtimes;

/// <summary>Reads which registry the engine's own user has configured. The workloads' account cannot read that user's files.</summary>
internal static class NpmRegistry
{
    private const string Setting = "registry";

    public static string? OfThisUser()
    {
        var file = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".npmrc");
        try
        {
            return File.ReadLines(file).Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
                .LastOrDefault(parts => parts is [Setting, { Length: > 0 }])?[1];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
