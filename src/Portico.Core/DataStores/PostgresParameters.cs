using System.Collections.Frozen;
using System.Globalization;

namespace Portico.Core.DataStores;

/// <summary>
/// The settings of PostgreSQL that users may override. Settings that could run a program, open a file, listen elsewhere, or trade a
/// committed row for speed are excluded.
/// </summary>
/// <remarks>Ranges are those of <c>pg_settings</c>; see https://www.postgresql.org/docs/current/runtime-config.html.</remarks>
public static class PostgresParameters
{
    private const double MostInteger = int.MaxValue;

    public static IReadOnlyList<PostgresParameter> All { get; } =
    [
        Flag("autovacuum", "Starts the autovacuum subprocess."),
        Real("autovacuum_analyze_scale_factor", "Number of tuple inserts, updates, or deletes prior to analyze as a fraction of reltuples.", 0, 100),
        Whole("autovacuum_analyze_threshold", "Minimum number of tuple inserts, updates, or deletes prior to analyze.", 0, MostInteger),
        Whole("autovacuum_freeze_max_age", "Age at which to autovacuum a table to prevent transaction ID wraparound.", 100_000, 2_000_000_000) with { NeedsRestart = true },
        Whole("autovacuum_max_workers", "Sets the maximum number of simultaneously running autovacuum worker processes.", 1, 128) with { NeedsRestart = true },
        Whole("autovacuum_naptime", "Time to sleep between autovacuum runs.", 1, 2_147_483, "s"),
        Real("autovacuum_vacuum_cost_delay", "Vacuum cost delay in milliseconds, for autovacuum.", -1, 100, "ms"),
        Whole("autovacuum_vacuum_cost_limit", "Vacuum cost amount available before napping, for autovacuum.", -1, 10_000),
        Real("autovacuum_vacuum_insert_scale_factor", "Number of tuple inserts prior to vacuum as a fraction of reltuples.", 0, 100) with { Since = 13 },
        Whole("autovacuum_vacuum_insert_threshold", "Minimum number of tuple inserts prior to vacuum, or -1 to disable insert vacuums.", -1, MostInteger) with { Since = 13 },
        Real("autovacuum_vacuum_scale_factor", "Number of tuple updates or deletes prior to vacuum as a fraction of reltuples.", 0, 100),
        Whole("autovacuum_vacuum_threshold", "Minimum number of tuple updates or deletes prior to vacuum.", 0, MostInteger),
        Choice("bytea_output", "Sets the output format for bytea.", "escape", "hex"),
        Real("checkpoint_completion_target", "Time spent flushing dirty buffers during checkpoint, as fraction of checkpoint interval.", 0, 1),
        Whole("checkpoint_timeout", "Sets the maximum time between automatic WAL checkpoints.", 30, 86_400, "s"),
        Real("cpu_index_tuple_cost", "Sets the planner's estimate of the cost of processing each index entry during an index scan.", 0, 1e9),
        Real("cpu_operator_cost", "Sets the planner's estimate of the cost of processing each operator or function call.", 0, 1e9),
        Real("cpu_tuple_cost", "Sets the planner's estimate of the cost of processing each tuple (row).", 0, 1e9),
        Whole("deadlock_timeout", "Sets the time to wait on a lock before checking for deadlock.", 1, MostInteger, "ms"),
        Whole("default_statistics_target", "Sets the default statistics target.", 1, 10_000),
        Choice("default_transaction_isolation", "Sets the transaction isolation level of each new transaction.", "serializable", "repeatable read", "read committed", "read uncommitted"),
        Whole("effective_cache_size", "Sets the planner's assumption about the total size of the data caches.", 1, MostInteger, "8kB"),
        Whole("effective_io_concurrency", "Number of simultaneous requests that can be handled efficiently by the disk subsystem.", 0, 1000),
        Flag("enable_bitmapscan", "Enables the planner's use of bitmap-scan plans."),
        Flag("enable_hashagg", "Enables the planner's use of hashed aggregation plans."),
        Flag("enable_hashjoin", "Enables the planner's use of hash join plans."),
        Flag("enable_indexonlyscan", "Enables the planner's use of index-only-scan plans."),
        Flag("enable_indexscan", "Enables the planner's use of index-scan plans."),
        Flag("enable_material", "Enables the planner's use of materialization."),
        Flag("enable_mergejoin", "Enables the planner's use of merge join plans."),
        Flag("enable_nestloop", "Enables the planner's use of nested-loop join plans."),
        Flag("enable_partitionwise_aggregate", "Enables partitionwise aggregation and grouping."),
        Flag("enable_partitionwise_join", "Enables partitionwise join."),
        Flag("enable_seqscan", "Enables the planner's use of sequential-scan plans."),
        Flag("enable_sort", "Enables the planner's use of explicit sort steps."),
        Whole("from_collapse_limit", "Sets the FROM-list size beyond which subqueries are not collapsed.", 1, MostInteger),
        Whole("gin_fuzzy_search_limit", "Sets the maximum allowed result for exact search by GIN.", 0, MostInteger),
        Real("hash_mem_multiplier", "Multiple of work_mem to use for hash tables.", 1, 1000) with { Since = 13 },
        Whole("idle_in_transaction_session_timeout", "Sets the maximum allowed idle time between queries, when in a transaction.", 0, MostInteger, "ms"),
        Whole("idle_session_timeout", "Sets the maximum allowed idle time between queries, when not in a transaction.", 0, MostInteger, "ms") with { Since = 14 },
        Flag("jit", "Allow JIT compilation.") with { Since = 11 },
        Whole("join_collapse_limit", "Sets the FROM-list size beyond which JOIN constructs are not flattened.", 1, MostInteger),
        Whole("lock_timeout", "Sets the maximum allowed duration of any wait for a lock.", 0, MostInteger, "ms"),
        Whole("log_autovacuum_min_duration", "Sets the minimum execution time above which autovacuum actions will be logged.", -1, MostInteger, "ms"),
        Flag("log_checkpoints", "Logs each checkpoint."),
        Flag("log_connections", "Logs each successful connection."),
        Flag("log_disconnections", "Logs end of a session, including duration."),
        Flag("log_lock_waits", "Logs long lock waits."),
        Whole("log_min_duration_statement", "Sets the minimum execution time above which all statements will be logged.", -1, MostInteger, "ms"),
        Choice("log_statement", "Sets the type of statements logged.", "none", "ddl", "mod", "all"),
        Whole("log_temp_files", "Log the use of temporary files larger than this number of kilobytes.", -1, MostInteger, "kB"),
        Whole("maintenance_work_mem", "Sets the maximum memory to be used for maintenance operations.", 1024, MostInteger, "kB"),
        Whole("max_connections", "Sets the maximum number of concurrent connections.", 10, 5000) with { NeedsRestart = true },
        Whole("max_locks_per_transaction", "Sets the maximum number of locks per transaction.", 10, 100_000) with { NeedsRestart = true },
        Whole("max_parallel_maintenance_workers", "Sets the maximum number of parallel processes per maintenance operation.", 0, 1024) with { Since = 11 },
        Whole("max_parallel_workers", "Sets the maximum number of parallel workers that can be active at one time.", 0, 1024),
        Whole("max_parallel_workers_per_gather", "Sets the maximum number of parallel processes per executor node.", 0, 1024),
        Whole("max_wal_size", "Sets the WAL size that triggers a checkpoint.", 32, 1_000_000, "MB"),
        Whole("max_worker_processes", "Maximum number of concurrent worker processes.", 0, 1024) with { NeedsRestart = true },
        Whole("min_wal_size", "Sets the minimum size to shrink the WAL to.", 32, 1_000_000, "MB"),
        Choice("plan_cache_mode", "Controls the planner's selection of custom or generic plan.", "auto", "force_generic_plan", "force_custom_plan") with { Since = 12 },
        Real("random_page_cost", "Sets the planner's estimate of the cost of a nonsequentially fetched disk page.", 0, 1e9),
        Real("seq_page_cost", "Sets the planner's estimate of the cost of a sequentially fetched disk page.", 0, 1e9),
        Whole("shared_buffers", "Sets the number of shared memory buffers used by the server.", 16, 1_073_741_823, "8kB") with { NeedsRestart = true },
        Whole("statement_timeout", "Sets the maximum allowed duration of any statement.", 0, MostInteger, "ms"),
        Whole("temp_buffers", "Sets the maximum number of temporary buffers used by each session.", 100, 1_073_741_823, "8kB"),
        Whole("track_activity_query_size", "Sets the size reserved for pg_stat_activity.query, in bytes.", 100, 1_048_576, "B") with { NeedsRestart = true },
        Choice("track_functions", "Collects function-level statistics on database activity.", "none", "pl", "all"),
        Flag("track_io_timing", "Collects timing statistics for database I/O activity."),
        Real("vacuum_cost_delay", "Vacuum cost delay in milliseconds.", 0, 100, "ms"),
        Whole("vacuum_cost_limit", "Vacuum cost amount available before napping.", 1, 10_000),
        Whole("work_mem", "Sets the maximum memory to be used for query workspaces.", 64, MostInteger, "kB"),
    ];

    private static readonly FrozenDictionary<string, PostgresParameter> ByName =
        All.ToFrozenDictionary(parameter => parameter.Name, StringComparer.Ordinal);

    public static IEnumerable<PostgresParameter> Of(string majorVersion) => All.Where(parameter => parameter.Since <= Number(majorVersion));

    /// <summary>Returns why the parameter cannot be set, for people; null when it can.</summary>
    public static string? Explain(string name, string value, string majorVersion)
    {
        if (!ByName.TryGetValue(name, out var parameter))
            return "this parameter cannot be overridden; …/parameter-overrides/available lists those that can.";
        return parameter.Since > Number(majorVersion)
            ? $"PostgreSQL {majorVersion} does not know this parameter."
            : parameter.Explain(value);
    }

    private static int Number(string majorVersion) => int.Parse(majorVersion, NumberStyles.None, CultureInfo.InvariantCulture);

    private static PostgresParameter Flag(string name, string description) => new(name, description, ParameterKind.Flag);

    private static PostgresParameter Choice(string name, string description, params string[] choices) =>
        new(name, description, ParameterKind.Choice) { Choices = choices };

    private static PostgresParameter Whole(string name, string description, double least, double most, string? unit = null) =>
        new(name, description, ParameterKind.Whole, least, most, unit);

    private static PostgresParameter Real(string name, string description, double least, double most, string? unit = null) =>
        new(name, description, ParameterKind.Real, least, most, unit);
}
