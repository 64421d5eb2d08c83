using System.Net;

namespace Portico.Api.Contracts.Platform;

/// <summary>
/// What an operator sets: <c>PORTICO_*</c> variables first, then <c>portico.conf</c> in <c>PORTICO_HOME</c>
/// (lines of <c>PORTICO_NAME=value</c>, <c>#</c> for comments), then defaults.
/// </summary>
public sealed record PlatformSettings
{
    public required PlatformPaths Paths { get; init; }

    public const int DefaultKeptDeploys = 5;

    /// <summary><c>PORTICO_HTTP_PORT</c>: where the edge listens.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary><c>PORTICO_DOMAIN</c>: services answer at <c>NAME.DOMAIN</c>.</summary>
    public string Domain { get; init; } = "localhost";

    /// <summary><c>PORTICO_DEPLOY_TIMEOUT_SECONDS</c>: a deploy that is not healthy by then has failed.</summary>
    public TimeSpan DeployTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary><c>PORTICO_BUILD_TIMEOUT_SECONDS</c>.</summary>
    public TimeSpan BuildTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary><c>PORTICO_CONCURRENT_BUILDS</c>: the others wait. Half of the machine's processors, and at least one.</summary>
    public int ConcurrentBuilds { get; init; } = DefaultConcurrentBuilds;

    /// <summary><c>PORTICO_BUILD_MEMORY_MEGABYTES</c>: what one build may use. All at once leave half of the machine's memory, and none gets more than Render's give.</summary>
    public long BuildMemoryBytes { get; init; } = DefaultBuildMemory(DefaultConcurrentBuilds);

    /// <summary><c>PORTICO_BUILD_OUTPUT_MEGABYTES</c>: a build that prints more is ended.</summary>
    public long BuildOutputBytes { get; init; } = 256L << 20;

    /// <summary><c>PORTICO_KEPT_DEPLOYS</c>: so many deploys of each service that went live keep what they built, to go back to.</summary>
    public int KeptDeploys { get; init; } = DefaultKeptDeploys;

    /// <summary><c>PORTICO_MIN_FREE_DISK_MEGABYTES</c>: with less free space no build begins; with a quarter of it, one that runs is ended.</summary>
    public long MinFreeDiskBytes { get; init; } = 1024L << 20;

    /// <summary><c>PORTICO_OVERLAPPING_DEPLOYS</c>: what becomes of a deploy under way when the service gets another one.</summary>
    public OverlappingDeploys OverlappingDeploys { get; init; }

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

    /// <summary><c>PORTICO_GIT_PUSH_MEGABYTES</c>: how much one push may bring.</summary>
    public long GitPushBytes { get; init; } = 512L << 20;

    /// <summary><c>PORTICO_OUTBOUND_NETWORKS</c>: networks that are not public, and may be called because a user gave such an address.</summary>
    public IReadOnlyList<IPNetwork> OutboundNetworks { get; init; } = [];

    /// <summary><c>PORTICO_SMTP_URL</c>: where e-mail is handed in; null where none is sent.</summary>
    public SmtpSettings? Smtp { get; init; }

    /// <summary><c>PORTICO_SMTP_FROM</c>: who e-mail is from.</summary>
    public string MailSender { get; init; } = "portico@localhost";

    /// <summary><c>PORTICO_GIT_POLL_SECONDS</c>: how often branches of repositories elsewhere are looked at; 0: only when a webhook says so.</summary>
    public TimeSpan GitPollInterval { get; init; } = TimeSpan.FromMinutes(1);

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
        var builds = source.Integer("PORTICO_CONCURRENT_BUILDS", DefaultConcurrentBuilds, 1, 64);
        return new PlatformSettings
        {
            Paths = paths,
            HttpPort = source.Integer("PORTICO_HTTP_PORT", 8080, 1, 65535),
            Domain = source.HostName("PORTICO_DOMAIN", "localhost"),
            DeployTimeout = TimeSpan.FromSeconds(source.Integer("PORTICO_DEPLOY_TIMEOUT_SECONDS", 900, 1, 86_400)),
            BuildTimeout = TimeSpan.FromSeconds(source.Integer("PORTICO_BUILD_TIMEOUT_SECONDS", 7200, 1, 86_400)),
            SleepAfter = TimeSpan.FromSeconds(source.Integer("PORTICO_SLEEP_AFTER_SECONDS", 900, 0, 31_536_000)),
            ConcurrentBuilds = builds,
            BuildMemoryBytes = (long)source.Integer("PORTICO_BUILD_MEMORY_MEGABYTES", (int)(DefaultBuildMemory(builds) >> 20), 64, 16_000_000) << 20,
            BuildOutputBytes = (long)source.Integer("PORTICO_BUILD_OUTPUT_MEGABYTES", 256, 1, 1_000_000) << 20,
            KeptDeploys = source.Integer("PORTICO_KEPT_DEPLOYS", DefaultKeptDeploys, 1, 1000),
            MinFreeDiskBytes = (long)source.Integer("PORTICO_MIN_FREE_DISK_MEGABYTES", 1024, 0, 100_000_000) << 20,
            OverlappingDeploys = source.Choice<OverlappingDeploys>("PORTICO_OVERLAPPING_DEPLOYS"),
            ApiReadsPerMinute = source.Integer("PORTICO_API_READS_PER_MINUTE", 12_000, 1, 10_000_000),
            ApiChangesPerMinute = source.Integer("PORTICO_API_CHANGES_PER_MINUTE", 3000, 1, 10_000_000),
            ApiWrongKeysPerMinute = source.Integer("PORTICO_API_WRONG_KEYS_PER_MINUTE", 60, 1, 10_000_000),
            AuditRetention = TimeSpan.FromDays(source.Integer("PORTICO_AUDIT_DAYS", 365, 1, 36_500)),
            GitPushBytes = (long)source.Integer("PORTICO_GIT_PUSH_MEGABYTES", 512, 1, 1_000_000) << 20,
            GitPollInterval = TimeSpan.FromSeconds(source.Integer("PORTICO_GIT_POLL_SECONDS", 60, 0, 86_400)),
            LogRetention = TimeSpan.FromDays(source.Integer("PORTICO_LOG_RETENTION_DAYS", 7, 1, 3650)),
            Smtp = source.Smtp("PORTICO_SMTP_URL"),
            MailSender = source.MailAddress("PORTICO_SMTP_FROM", $"portico@{source.HostName("PORTICO_DOMAIN", "localhost")}"),
            OutboundNetworks = source.Networks("PORTICO_OUTBOUND_NETWORKS"),
            LogBytes = (long)source.Integer("PORTICO_LOG_MEGABYTES", 1024, 16, 1_000_000) << 20,
        };
    }

    /// <summary>The public URL of a host under this platform's domain, for example <c>http://web.localhost:8080</c>.</summary>
    public string UrlOf(string slug) => HttpPort == 80 ? $"http://{HostOf(slug)}" : $"http://{HostOf(slug)}:{HttpPort}";

    /// <summary>Where the platform itself answers.</summary>
    public string PlatformUrl => HttpPort == 80 ? $"http://{Domain}" : $"http://{Domain}:{HttpPort}";

    public string HostOf(string slug) => $"{slug}.{Domain}";

    private static int DefaultConcurrentBuilds => Math.Clamp(Environment.ProcessorCount / 2, 1, 64);

    private static long DefaultBuildMemory(int builds) =>
        Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / builds, 512L << 20, 8L << 30);

    private static string DefaultHome(IReadOnlyDictionary<string, string> environment)
    {
        if (Environment.IsPrivilegedProcess)
            return "/var/lib/portico";
        if (environment.TryGetValue("XDG_DATA_HOME", out var data) && Path.IsPathRooted(data))
            return Path.Combine(data, "portico");
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share", "portico");
    }
}

/// <summary>As Render's policy of the same name: of overlapping deploys of one service, which goes on.</summary>
public enum OverlappingDeploys
{
    /// <summary>The new one, at once. After three in a row that never got to their end, one is let finish.</summary>
    Override,

    /// <summary>The one under way; then the newest.</summary>
    Wait,
}

public sealed class SettingsException : Exception
{
    public SettingsException() { }

    public SettingsException(string message) : base(message) { }

    public SettingsException(string message, Exception innerException) : base(message, innerException) { }
}
