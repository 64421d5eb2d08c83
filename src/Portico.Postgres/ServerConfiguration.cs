using Portico.Core.DataStores;

namespace Portico.Postgres;

/// <summary>Writes the server's <c>postgresql.conf</c>: durable, encrypted, reachable from its network only, and sized for its plan.</summary>
internal static class ServerConfiguration
{
    public static string Write(PostgresSpec spec)
    {
        var file = ConfigurationWriter.ForPostgres();
        Access(file, spec);
        Memory(file, MemoryPlan.For(spec.Limits.MemoryBytes));
        Durability(file);
        Disk(file, spec);
        Logs(file, spec);
        Locale(file);
        // If a setting appears twice, the later line takes effect.
        foreach (var (name, value) in spec.Parameters.OrderBy(item => item.Key, StringComparer.Ordinal))
            file.Set(name, value);
        return file.ToString();
    }

    private static void Access(ConfigurationWriter file, PostgresSpec spec) => file
        .Set("listen_addresses", spec.Place?.Address ?? "127.0.0.1")
        .Set("port", spec.Port)
        // All connections use TCP, where the same rules apply to everyone. A Unix socket would also need a short path.
        .Set("unix_socket_directories", "")
        .Set("password_encryption", "scram-sha-256")
        .Set("ssl", "on")
        .Set("tcp_keepalives_idle", 60);

    private static void Memory(ConfigurationWriter file, MemoryPlan memory) => file
        .Set("max_connections", memory.MaxConnections)
        .Set("shared_buffers", $"{memory.SharedBuffersMegabytes}MB")
        .Set("effective_cache_size", $"{memory.EffectiveCacheMegabytes}MB")
        .Set("work_mem", $"{memory.WorkMegabytes}MB")
        .Set("maintenance_work_mem", $"{memory.MaintenanceMegabytes}MB");

    // These are the defaults, stated explicitly: no plan and no later change may give up durability for speed.
    private static void Durability(ConfigurationWriter file) => file
        .Set("fsync", "on")
        .Set("synchronous_commit", "on")
        .Set("full_page_writes", "on")
        .Set("wal_level", "replica")
        .Set("wal_compression", "on")
        .Set("restart_after_crash", "on");

    // With the default of 1 GB, the write-ahead log alone could fill a small disk.
    private static void Disk(ConfigurationWriter file, PostgresSpec spec)
    {
        const int Share = 8, Least = 32, Default = 1024;
        if (spec.DiskBytes / Share >> 20 is { } megabytes and < Default)
            file.Set("max_wal_size", $"{Math.Max(megabytes, Least)}MB");
    }

    // Statements are not logged, because they contain the user's data. The engine keeps the error output.
    private static void Logs(ConfigurationWriter file, PostgresSpec spec) => file
        .Set("cluster_name", spec.Id)
        .Set("log_destination", "stderr")
        .Set("logging_collector", "off")
        .Set("log_statement", "none")
        .Set("log_line_prefix", "%m [%p] %q%u@%d ")
        .Set("log_timezone", "UTC");

    private static void Locale(ConfigurationWriter file) => file
        .Set("timezone", "UTC")
        .Set("datestyle", "iso, mdy")
        .Set("lc_messages", "C")
        .Set("default_text_search_config", "pg_catalog.english");
}
