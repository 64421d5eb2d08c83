namespace Portico.Api.Contracts.Platform;

/// <summary>
/// What an operator sets: <c>PORTICO_*</c> variables first, then <c>portico.conf</c> in <c>PORTICO_HOME</c>
/// (lines of <c>PORTICO_NAME=value</c>, <c>#</c> for comments), then defaults.
/// </summary>
public sealed record PlatformSettings
{
    public required PlatformPaths Paths { get; init; }

    /// <summary><c>PORTICO_HTTP_PORT</c>: where the edge listens.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary><c>PORTICO_DOMAIN</c>: services answer at <c>NAME.DOMAIN</c>.</summary>
    public string Domain { get; init; } = "localhost";

    /// <summary><c>PORTICO_DEPLOY_TIMEOUT_SECONDS</c>: a deploy that is not healthy by then has failed.</summary>
    public TimeSpan DeployTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary><c>PORTICO_BUILD_TIMEOUT_SECONDS</c>.</summary>
    public TimeSpan BuildTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary><c>PORTICO_CONCURRENT_BUILDS</c>.</summary>
    public int ConcurrentBuilds { get; init; } = 2;

    /// <summary><c>PORTICO_SLEEP_AFTER_SECONDS</c>: so long without a request, and a web service on the free plan sleeps; zero for never.</summary>
    public TimeSpan SleepAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary><c>PORTICO_LOG_RETENTION_DAYS</c>: older lines of logs are deleted.</summary>
    public TimeSpan LogRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary><c>PORTICO_LOG_MEGABYTES</c>: how much the stored logs may take; beyond it, the oldest lines are deleted.</summary>
    public long LogBytes { get; init; } = 1024L << 20;

    /// <summary><c>PORTICO_API_READS_PER_MINUTE</c>: requests of one key that change nothing.</summary>
    public int ApiReadsPerMinute { get; init; } = 12_000;

    /// <summary><c>PORTICO_API_CHANGES_PER_MINUTE</c>: other requests of one key.</summary>
    public int ApiChangesPerMinute { get; init; } = 3000;

    /// <summary><c>PORTICO_API_WRONG_KEYS_PER_MINUTE</c>: keys that are none, from one address.</summary>
    public int ApiWrongKeysPerMinute { get; init; } = 60;

    /// <summary><c>PORTICO_AUDIT_DAYS</c>: how long the audit log keeps what was done.</summary>
    public TimeSpan AuditRetention { get; init; } = TimeSpan.FromDays(365);

    /// <exception cref="SettingsException">A value cannot be used; the message names it, where it was set and what is allowed.</exception>
    public static PlatformSettings Load(IReadOnlyDictionary<string, string> environment)
    {
        var home = environment.TryGetValue("PORTICO_HOME", out var given) && given.Length > 0
            ? Path.GetFullPath(given)
            : DefaultHome(environment);
        if (System.Text.Encoding.UTF8.GetByteCount(home) > PlatformPaths.LongestHome)
            throw new SettingsException(
                $"PORTICO_HOME is too long: '{home}'. Its sockets need a path of at most {PlatformPaths.LongestHome} bytes; choose a shorter one.");
        var paths = new PlatformPaths(home);
        var source = SettingsSource.Read(environment, paths.SettingsFile);
        return new PlatformSettings
        {
            Paths = paths,
            HttpPort = source.Integer("PORTICO_HTTP_PORT", 8080, 1, 65535),
            Domain = source.HostName("PORTICO_DOMAIN", "localhost"),
            DeployTimeout = TimeSpan.FromSeconds(source.Integer("PORTICO_DEPLOY_TIMEOUT_SECONDS", 900, 1, 86_400)),
            BuildTimeout = TimeSpan.FromSeconds(source.Integer("PORTICO_BUILD_TIMEOUT_SECONDS", 7200, 1, 86_400)),
            ConcurrentBuilds = source.Integer("PORTICO_CONCURRENT_BUILDS", 2, 1, 64),
            SleepAfter = TimeSpan.FromSeconds(source.Integer("PORTICO_SLEEP_AFTER_SECONDS", 900, 0, 31_536_000)),
            ApiReadsPerMinute = source.Integer("PORTICO_API_READS_PER_MINUTE", 12_000, 1, 10_000_000),
            ApiChangesPerMinute = source.Integer("PORTICO_API_CHANGES_PER_MINUTE", 3000, 1, 10_000_000),
            ApiWrongKeysPerMinute = source.Integer("PORTICO_API_WRONG_KEYS_PER_MINUTE", 60, 1, 10_000_000),
            AuditRetention = TimeSpan.FromDays(source.Integer("PORTICO_AUDIT_DAYS", 365, 1, 36_500)),
            LogRetention = TimeSpan.FromDays(source.Integer("PORTICO_LOG_RETENTION_DAYS", 7, 1, 3650)),
            LogBytes = (long)source.Integer("PORTICO_LOG_MEGABYTES", 1024, 16, 1_000_000) << 20,
        };
    }

    /// <summary>The public URL of a host under this platform's domain, for example <c>http://web.localhost:8080</c>.</summary>
    public string UrlOf(string slug) => HttpPort == 80 ? $"http://{HostOf(slug)}" : $"http://{HostOf(slug)}:{HttpPort}";

    /// <summary>Where the platform itself answers.</summary>
    public string PlatformUrl => HttpPort == 80 ? $"http://{Domain}" : $"http://{Domain}:{HttpPort}";

    public string HostOf(string slug) => $"{slug}.{Domain}";

    private static string DefaultHome(IReadOnlyDictionary<string, string> environment)
    {
        if (Environment.IsPrivilegedProcess)
            return "/var/lib/portico";
        if (environment.TryGetValue("XDG_DATA_HOME", out var data) && Path.IsPathRooted(data))
            return Path.Combine(data, "portico");
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share", "portico");
    }
}

public sealed class SettingsException : Exception
{
    public SettingsException() { }

    public SettingsException(string message) : base(message) { }

    public SettingsException(string message, Exception innerException) : base(message, innerException) { }
}
