namespace Portico.Postgres;

/// <summary>Queries to the server's catalog. <c>$1</c> is the name of the user's database.</summary>
internal static class InspectorQueries
{
    public const string ConnectionsByUser = """
        SELECT usename::text, count(*)::int FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND usename IS NOT NULL GROUP BY usename
        """;

    public const string Sessions = """
        SELECT pid, datname::text, usename::text, application_name, host(client_addr), backend_start, query_start, state,
            wait_event, wait_event_type, query,
            CASE WHEN state = 'active' THEN greatest(extract(epoch FROM clock_timestamp() - query_start), 0)::float8 END, leader_pid IS NULL
        FROM pg_stat_activity
        WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type IN ('client backend', 'parallel worker')
        ORDER BY backend_start, pid LIMIT 1000
        """;

    public const string Sizes = """
        SELECT schema.nspname::text, tab.relname::text, NULL::text, pg_table_size(tab.oid) AS bytes
        FROM pg_class tab JOIN pg_namespace schema ON schema.oid = tab.relnamespace
        WHERE tab.relkind IN ('r', 'm', 'p') AND schema.nspname NOT LIKE 'pg\_%' AND schema.nspname <> 'information_schema'
        UNION ALL
        SELECT schema.nspname::text, tab.relname::text, idx.relname::text, pg_relation_size(idx.oid)
        FROM pg_index link JOIN pg_class idx ON idx.oid = link.indexrelid JOIN pg_class tab ON tab.oid = link.indrelid
        JOIN pg_namespace schema ON schema.oid = tab.relnamespace
        WHERE schema.nspname NOT LIKE 'pg\_%' AND schema.nspname <> 'information_schema'
        ORDER BY bytes DESC, 1, 2, 3 LIMIT 1000
        """;

    public const string TableScans = """
        SELECT schemaname::text, relname::text, seq_scan FROM pg_stat_user_tables WHERE seq_scan > 0
        ORDER BY seq_scan DESC, schemaname, relname LIMIT 1000
        """;

    public const string Preloaded = "SELECT current_setting('shared_preload_libraries')";

    public const string TopStatements = """
        SELECT stat.queryid::text, stat.query, stat.calls, stat.rows, stat.total_exec_time, stat.min_exec_time, stat.max_exec_time,
            stat.mean_exec_time, stat.stddev_exec_time, stat.shared_blks_hit, stat.shared_blks_read, stat.shared_blks_dirtied,
            stat.shared_blks_written, stat.local_blks_hit, stat.local_blks_read, stat.local_blks_dirtied, stat.local_blks_written,
            stat.temp_blks_read, stat.temp_blks_written
        FROM public.pg_stat_statements stat JOIN pg_database base ON base.oid = stat.dbid
        JOIN pg_roles role ON role.oid = stat.userid
        WHERE base.datname = $1 AND NOT role.rolsuper AND stat.queryid IS NOT NULL AND stat.query IS NOT NULL
        ORDER BY stat.total_exec_time DESC LIMIT 100
        """;
}
