namespace Portico.Testing.DataStores;

/// <summary>The database servers that are installed here.</summary>
public static class Programs
{
    private const string DebianPostgres = "/usr/lib/postgresql";

    /// <summary>The newest PostgreSQL that is installed: its major version and where its programs are; null when there is none.</summary>
    public static (string Major, string Directory)? Postgres { get; } = FindPostgres();

    /// <summary>A Redis-compatible server's path; null when there is none.</summary>
    public static string? KeyValue { get; } = Find("valkey-server") ?? Find("redis-server");

    /// <summary>Why a test that needs the program cannot run, for a skip; on a build machine that is a failure.</summary>
    public static string? Missing(object? program, string package) => program is not null
        ? null
        : Environment.GetEnvironmentVariable("CI") == "true"
            ? throw new InvalidOperationException($"A build machine must have {package}. Install it.")
            : $"{package} is not installed.";

    private static (string, string)? FindPostgres()
    {
        if (!Directory.Exists(DebianPostgres))
            return null;
        return Directory.GetDirectories(DebianPostgres)
            .Where(path => int.TryParse(Path.GetFileName(path), out _) && File.Exists($"{path}/bin/postgres"))
            .OrderByDescending(path => int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture))
            .Select(path => ((string, string)?)(Path.GetFileName(path), $"{path}/bin"))
            .FirstOrDefault();
    }

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
}
