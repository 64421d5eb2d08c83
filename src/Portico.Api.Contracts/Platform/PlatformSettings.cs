using System.Net;

namespace Portico.Api.Contracts.Platform;

/// <summary>
/// The settings of a platform: from <c>PORTICO_*</c> variables, then <c>portico.conf</c> in <c>PORTICO_HOME</c>
/// (lines of <c>PORTICO_NAME=value</c>, <c>#</c> for comments), then defaults.
/// </summary>
public sealed record PlatformSettings
{
    public required PlatformPaths Paths { get; init; }

    public const int DefaultKeptDeploys = 5;

    /// <summary><c>PORTICO_HTTP_PORT</c>: the port that the edge listens on.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary><c>PORTICO_DOMAIN</c>: services answer at <c>NAME.DOMAIN</c>.</summary>
    public string Domain { get; init; } = "localhost";

    /// <summary><c>PORTICO_DEPLOY_TIMEOUT_SECONDS</c>: a deploy that is not healthy after this time fails.</summary>
    public TimeSpan DeployTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary><c>PORTICO_BUILD_TIMEOUT_SECONDS</c>: a build that takes longer is stopped.</summary>
    public TimeSpan BuildTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary><c>PORTICO_CONCURRENT_BUILDS</c>: how many builds run at the same time; others wait. By default half of the machine's processors, but at least one.</summary>
    public int ConcurrentBuilds { get; init; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 64);

    /// <summary><c>PORTICO_BUILD_MEMORY_MEGABYTES</c>: the memory limit of one build. By default all concurrent builds share half of the machine's memory, and a build gets at most as much as on Render.</summary>
    public long BuildMemoryBytes { get => field > 0 ? field : DefaultBuildMemory(ConcurrentBuilds); init; }

    /// <summary><c>PORTICO_BUILD_OUTPUT_MEGABYTES</c>: a build that prints more is stopped.</summary>
    public long BuildOutputBytes { get; init; } = 256L << 20;

    /// <summary><c>PORTICO_BUILD_CREDENTIALS</c>: whether builds get the credentials in the proxy and registry settings of the server's environment.</summary>
    public bool BuildCredentials { get; init; }

    /// <summary><c>PORTICO_UID_RANGE</c>: the first and the last account number that workloads get, if Portico runs as root; null to choose a free range.</summary>
    public (uint First, uint Last)? AccountNumbers { get; init; }

    /// <summary><c>PORTICO_PYTHON_MIRROR</c>: the URL or directory of a release of python-build-standalone; null when there is none.</summary>
    public string? PythonMirror { get; init; }

    /// <summary><c>PORTICO_KEPT_DEPLOYS</c>: how many deploys of each service that went live keep their artifacts, for rollbacks.</summary>
    public int KeptDeploys { get; init; } = DefaultKeptDeploys;

    /// <summary><c>PORTICO_MIN_FREE_DISK_MEGABYTES</c>: with less free space no build starts; with less than a quarter of it, running builds are stopped.</summary>
    public long MinFreeDiskBytes { get; init; } = 1024L << 20;

    /// <summary><c>PORTICO_OVERLAPPING_DEPLOYS</c>: what happens to a deploy in progress when the same service gets another one.</summary>
    public OverlappingDeploys OverlappingDeploys { get; init; }

    /// <summary><c>PORTICO_SLEEP_AFTER_SECONDS</c>: a web service on the free plan sleeps after this time without requests; zero means never.</summary>
    public TimeSpan SleepAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary><c>PORTICO_SSH_PORT</c>: the port on which SSH clients open shells, once there are SSH keys; zero for none.</summary>
    public int SshPort { get; init; } = 2222;

    /// <summary><c>PORTICO_SHELL_IDLE_SECONDS</c>: a shell, or a command that was started by hand, without input and output for this time is ended.</summary>
    public TimeSpan ShellIdle { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>PORTICO_LOG_RETENTION_DAYS</c>: log lines that are older are deleted.</summary>
    public TimeSpan LogRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary><c>PORTICO_LOG_MEGABYTES</c>: the maximum size of stored logs; the oldest lines are deleted first.</summary>
    public long LogBytes { get; init; } = 1024L << 20;

    /// <summary><c>PORTICO_API_READS_PER_MINUTE</c>: how many read-only requests one user may make.</summary>
    public int ApiReadsPerMinute { get; init; } = 12_000;

    /// <summary><c>PORTICO_API_CHANGES_PER_MINUTE</c>: how many other requests one user may make.</summary>
    public int ApiChangesPerMinute { get; init; } = 3000;

    /// <summary><c>PORTICO_API_WRONG_KEYS_PER_MINUTE</c>: how many requests with an invalid key one address may make.</summary>
    public int ApiWrongKeysPerMinute { get; init; } = 60;

    /// <summary><c>PORTICO_API_ANONYMOUS_PER_MINUTE</c>: how many requests without a key one address may make.</summary>
    public int ApiAnonymousPerMinute { get; init; } = 600;

    /// <summary><c>PORTICO_AUDIT_DAYS</c>: how long the audit log keeps entries.</summary>
    public TimeSpan AuditRetention { get; init; } = TimeSpan.FromDays(365);

    /// <summary><c>PORTICO_WORKSPACE_SERVICES</c>: how many services a workspace can have.</summary>
    public int WorkspaceServices { get; init; } = 1000;

    /// <summary><c>PORTICO_WORKSPACE_DATA_STORES</c>: how many databases and Key Value stores a workspace can have.</summary>
    public int WorkspaceDataStores { get; init; } = 200;

    /// <summary><c>PORTICO_WORKSPACE_WEBHOOKS</c>: how many webhooks a workspace can have.</summary>
    public int WorkspaceWebhooks { get; init; } = 100;

    /// <summary><c>PORTICO_WORKSPACE_DISK_GIGABYTES</c>: the sum of the disk sizes of a workspace's services and databases.</summary>
    public int WorkspaceDiskGigabytes { get; init; } = 4000;

    /// <summary><c>PORTICO_GIT_PUSH_MEGABYTES</c>: the maximum size of one push.</summary>
    public long GitPushBytes { get; init; } = 512L << 20;

    /// <summary><c>PORTICO_OUTBOUND_NETWORKS</c>: private networks that Portico may call when a user gives such an address.</summary>
    public IReadOnlyList<IPNetwork> OutboundNetworks { get; init; } = [];

    /// <summary><c>PORTICO_NETWORK</c>: the addresses of the private network; null if Portico chooses a free range.</summary>
    public IPNetwork? Network { get; init; }

    /// <summary><c>PORTICO_SMTP_URL</c>: the mail server; null when no e-mail is sent.</summary>
    public SmtpSettings? Smtp { get; init; }

    /// <summary><c>PORTICO_SMTP_FROM</c>: the sender of e-mail.</summary>
    public string MailSender { get => field ?? $"portico@{Domain}"; init; }

    /// <summary><c>PORTICO_GIT_POLL_SECONDS</c>: how often Portico checks the branches of remote repositories; zero means only after a webhook call.</summary>
    public TimeSpan GitPollInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>PORTICO_TRUSTED_PROXIES</c>: proxies in front of the edge, which say who the client is and which scheme it uses.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>What clients may open and send.</summary>
    public EdgeSettings Edge { get; init; } = new();

    /// <exception cref="SettingsException">A value is invalid; the message names it, where it was set, and what is allowed.</exception>
    public static PlatformSettings Load(IReadOnlyDictionary<string, string> environment)
    {
        var home = environment.TryGetValue("PORTICO_HOME", out var given) && given.Length > 0
            ? Path.GetFullPath(given)
            : DefaultHome(environment);
        if (System.Text.Encoding.UTF8.GetByteCount(home) > PlatformPaths.LongestHome)
            throw new SettingsException(
                $"PORTICO_HOME is too long: '{home}'. Its sockets need a path of at most {PlatformPaths.LongestHome} bytes. Choose a shorter path.");
        var paths = new PlatformPaths(home);
        var source = SettingsSource.Read(environment, paths.SettingsFile);
        var defaults = new PlatformSettings { Paths = paths };
        defaults = defaults with
        {
            Domain = source.HostName("PORTICO_DOMAIN", defaults.Domain),
            ConcurrentBuilds = source.Integer("PORTICO_CONCURRENT_BUILDS", defaults.ConcurrentBuilds, 1, 64),
        };
        return defaults with
        {
            HttpPort = source.Integer("PORTICO_HTTP_PORT", defaults.HttpPort, 1, 65535),
            DeployTimeout = source.Seconds("PORTICO_DEPLOY_TIMEOUT_SECONDS", defaults.DeployTimeout, 1, 86_400),
            BuildTimeout = source.Seconds("PORTICO_BUILD_TIMEOUT_SECONDS", defaults.BuildTimeout, 1, 86_400),
            SleepAfter = source.Seconds("PORTICO_SLEEP_AFTER_SECONDS", defaults.SleepAfter, 0, 31_536_000),
            SshPort = source.Integer("PORTICO_SSH_PORT", defaults.SshPort, 0, 65535),
            ShellIdle = source.Seconds("PORTICO_SHELL_IDLE_SECONDS", defaults.ShellIdle, 60, 31_536_000),
            BuildMemoryBytes = source.Megabytes("PORTICO_BUILD_MEMORY_MEGABYTES", defaults.BuildMemoryBytes, 64, 16_000_000),
            BuildOutputBytes = source.Megabytes("PORTICO_BUILD_OUTPUT_MEGABYTES", defaults.BuildOutputBytes, 1, 1_000_000),
            BuildCredentials = source.Flag("PORTICO_BUILD_CREDENTIALS"),
            AccountNumbers = source.Range("PORTICO_UID_RANGE"),
            PythonMirror = source.Place("PORTICO_PYTHON_MIRROR"),
            KeptDeploys = source.Integer("PORTICO_KEPT_DEPLOYS", defaults.KeptDeploys, 1, 1000),
            MinFreeDiskBytes = source.Megabytes("PORTICO_MIN_FREE_DISK_MEGABYTES", defaults.MinFreeDiskBytes, 0, 100_000_000),
            OverlappingDeploys = source.Choice<OverlappingDeploys>("PORTICO_OVERLAPPING_DEPLOYS"),
            ApiReadsPerMinute = source.Integer("PORTICO_API_READS_PER_MINUTE", defaults.ApiReadsPerMinute, 1, 10_000_000),
            ApiChangesPerMinute = source.Integer("PORTICO_API_CHANGES_PER_MINUTE", defaults.ApiChangesPerMinute, 1, 10_000_000),
            ApiWrongKeysPerMinute = source.Integer("PORTICO_API_WRONG_KEYS_PER_MINUTE", defaults.ApiWrongKeysPerMinute, 1, 10_000_000),
            ApiAnonymousPerMinute = source.Integer("PORTICO_API_ANONYMOUS_PER_MINUTE", defaults.ApiAnonymousPerMinute, 1, 10_000_000),
            AuditRetention = source.Days("PORTICO_AUDIT_DAYS", defaults.AuditRetention, 1, 36_500),
            WorkspaceServices = source.Integer("PORTICO_WORKSPACE_SERVICES", defaults.WorkspaceServices, 1, 1_000_000),
            WorkspaceDataStores = source.Integer("PORTICO_WORKSPACE_DATA_STORES", defaults.WorkspaceDataStores, 0, 1_000_000),
            WorkspaceWebhooks = source.Integer("PORTICO_WORKSPACE_WEBHOOKS", defaults.WorkspaceWebhooks, 0, 1_000_000),
            WorkspaceDiskGigabytes = source.Integer("PORTICO_WORKSPACE_DISK_GIGABYTES", defaults.WorkspaceDiskGigabytes, 0, 100_000_000),
            GitPushBytes = source.Megabytes("PORTICO_GIT_PUSH_MEGABYTES", defaults.GitPushBytes, 1, 1_000_000),
            GitPollInterval = source.Seconds("PORTICO_GIT_POLL_SECONDS", defaults.GitPollInterval, 0, 86_400),
            LogRetention = source.Days("PORTICO_LOG_RETENTION_DAYS", defaults.LogRetention, 1, 3650),
            LogBytes = source.Megabytes("PORTICO_LOG_MEGABYTES", defaults.LogBytes, 16, 1_000_000),
            Smtp = source.Smtp("PORTICO_SMTP_URL"),
            MailSender = source.MailAddress("PORTICO_SMTP_FROM", defaults.MailSender),
            OutboundNetworks = source.Networks("PORTICO_OUTBOUND_NETWORKS"),
            Network = source.Network("PORTICO_NETWORK", shortest: 8, longest: 24),
            TrustedProxies = source.Networks("PORTICO_TRUSTED_PROXIES"),
            Edge = EdgeSettings.Read(source),
        };
    }

    /// <summary>Returns the public URL of a host in this platform's domain, for example <c>http://web.localhost:8080</c>.</summary>
    public string UrlOf(string slug) => HttpPort == 80 ? $"http://{HostOf(slug)}" : $"http://{HostOf(slug)}:{HttpPort}";

    /// <summary>The URL of the platform itself.</summary>
    public string PlatformUrl => HttpPort == 80 ? $"http://{Domain}" : $"http://{Domain}:{HttpPort}";

    public string HostOf(string slug) => $"{slug}.{Domain}";

    /// <summary>The hosts at which the edge serves the platform itself.</summary>
    public IReadOnlyList<string> PlatformHosts => Domain == "localhost" ? ["localhost", "127.0.0.1"] : [Domain, "localhost", "127.0.0.1"];

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

/// <summary>Which of two overlapping deploys of one service continues; Render's policy of the same name.</summary>
public enum OverlappingDeploys
{
    /// <summary>The new deploy replaces the current one immediately. After three replaced in a row, the next one may finish.</summary>
    Override,

    /// <summary>The current deploy finishes; then the newest one starts.</summary>
    Wait,
}

public sealed class SettingsException : Exception
{
    public SettingsException() { }

    public SettingsException(string message) : base(message) { }

    public SettingsException(string message, Exception innerException) : base(message, innerException) { }
}
