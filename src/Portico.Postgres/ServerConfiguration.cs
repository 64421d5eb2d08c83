using Portico.Core.DataStores;

namespace Portico.Postgres;

/// <summary>The server's <c>postgresql.conf</c>: durable, encrypted, local, and sized for its plan.</summary>
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
        // The later line wins.
        foreach (var (name, value) in spec.Parameters.OrderBy(item => item.Key, StringComparer.Ordinal))
            file.Set(name, value);
        return file.ToString();
    }

    private static void Access(ConfigurationWriter file, PostgresSpec spec) => file
        .Set("listen_addresses", "127.0.0.1")
        .Set("port", spec.Port)
        // Everything goes over TCP, where the same rules hold for everyone; a socket would also need a short path.
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

    // The defaults, said aloud: no plan, and no later hand, may trade a committed row for speed.
    private static void Durability(ConfigurationWriter file) => file
        .Set("fsync", "on")
        .Set("synchronous_commit", "on")
        .Set("full_page_writes", "on")
        .Set("wal_level", "replica")
        .Set("wal_compression", "on")
        .Set("restart_after_crash", "on");

    // Left at its default of 1 GB, the log alone could fill a small disk.
    private static void Disk(ConfigurationWriter file, PostgresSpec spec)
    {
        const int Share = 8, Least = 32, Default = 1024;
        if (spec.DiskBytes / Share >> 20 is { } megabytes and < Default)
            file.Set("max_wal_size", $"{Math.Max(megabytes, Least)}MB");
    }

    // Statements are not logged, for they hold the user's data; the engine keeps what goes to the error stream.
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
