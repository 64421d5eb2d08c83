using Portico.Core.DataStores;
using Portico.Core.Plans;

namespace Portico.ControlPlane.KeyValue;

/// <summary>
/// The server's configuration. It uses only directives that Redis 6, Redis 7 and Valkey all know, because an unknown
/// directive is fatal.
/// </summary>
internal static class KeyValueConfiguration
{
    /// <summary>Portico's own account.</summary>
    public const string Administrator = "portico-administrator";

    /// <summary>
    /// What clients may do: everything with data, and what tells them about the server and their connections. They cannot change
    /// its settings, accounts and files, load code into it, make it a replica, stop it, or make it connect elsewhere.
    /// </summary>
    /// <remarks>The category <c>@admin</c> contains more with each version; <c>client</c> and <c>acl</c> belong to it as a whole in Redis 6.</remarks>
    private const string ClientCommands =
        "+@all -@admin -migrate +client +slowlog +latency +monitor +config|get +acl|whoami";

    /// <summary>Older servers have no rules for channels, and refuse a configuration that mentions them.</summary>
    private static readonly Version FirstWithChannels = new(6, 2);

    public static string Write(KeyValueSpec spec)
    {
        var file = ConfigurationWriter.ForRedis()
            .Set("bind", spec.Place?.Address ?? "127.0.0.1")
            .Set("port", spec.Port)
            .Set("protected-mode", "yes");
        SetAccounts(file, spec);
        file.Set("tcp-keepalive", 60)
            .Set("daemonize", "no")
            .Set("logfile", "")
            .Set("databases", 16)
            .Set("maxmemory-policy", spec.MaxmemoryPolicy);
        // Who has the password needs no certificate.
        if (spec.Tls is { } tls)
            file.Set("tls-port", tls.Port).Set("tls-auth-clients", "no");
        SetMemory(file, spec.Limits.MemoryBytes);
        SetPersistence(file, spec.Persistent);
        return file.ToString();
    }

    /// <summary>The password of clients is required on both ports, also where the edge gives it for them: the server cannot tell them apart.</summary>
    private static void SetAccounts(ConfigurationWriter file, KeyValueSpec spec)
    {
        var channels = Version.TryParse(spec.ServerVersion, out var version) && version < FirstWithChannels ? "" : " allchannels";
        file.SetWords("user", ["default", "on", $">{spec.Password}", "allkeys", .. $"{channels} {ClientCommands}".Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        file.SetWords("user", [Administrator, "on", $">{spec.AdministratorPassword}", "allkeys", .. $"{channels} +@all".Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    private static void SetMemory(ConfigurationWriter file, long? memory)
    {
        if (memory is { } bytes)
            file.Set("maxmemory", bytes).Set("maxclients", ConnectionLimits.KeyValue(bytes));
    }

    // "always" and not "everysec": while the disk is slow to take a second's writes, "everysec" keeps the next ones in the
    // process for up to two seconds and acknowledges them all the same, and a killed server would lose them.
    // Every turn of the event loop shares one flush, so clients that work in parallel or in pipelines pay for it once.
    // No snapshots: the log is complete, and a failing snapshot would make the server refuse writes.
    private static void SetPersistence(ConfigurationWriter file, bool persistent)
    {
        file.Set("save", "").Set("appendonly", persistent ? "yes" : "no");
        if (persistent)
            file.Set("appendfsync", "always").Set("aof-load-truncated", "yes").Set("aof-use-rdb-preamble", "yes");
    }
}
