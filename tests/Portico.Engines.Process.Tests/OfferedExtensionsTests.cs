using Portico.Engines.Process.Postgres;

namespace Portico.Engines.Process.Tests;

public sealed class OfferedExtensionsTests : IDisposable
{
    /// <summary>The list of https://render.com/docs/postgresql-extensions for PostgreSQL 13 and later.</summary>
    private static readonly string[] Renders =
    [
        "adminpack", "amcheck", "autoinc", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dblink", "dict_int", "dict_xsyn", "earthdistance",
        "file_fdw", "fuzzystrmatch", "hstore", "insert_username", "intagg", "intarray", "isn", "lo", "ltree", "moddatetime", "old_snapshot",
        "pageinspect", "pg_buffercache", "pg_duckdb", "pg_freespacemap", "pg_ivm", "pg_prewarm", "pg_similarity", "pg_stat_statements",
        "pg_surgery", "pg_trgm", "pg_visibility", "pgaudit", "pgcrypto", "pgrowlocks", "pgstattuple", "vector", "plpgsql", "postgis",
        "postgis_raster", "postgis_tiger_geocoder", "postgis_topology", "refint", "seg", "sslinfo", "tablefunc", "tcn", "timescaledb",
        "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp", "xml2",
    ];

    /// <summary>Those that a user creates without Portico, in every version of PostgreSQL that there is for databases.</summary>
    private static readonly string[] TrustedByPostgres =
    [
        "btree_gin", "btree_gist", "citext", "cube", "dict_int", "fuzzystrmatch", "hstore", "intarray", "isn", "lo", "ltree", "pg_trgm", "pgcrypto",
        "plpgsql", "seg", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp",
    ];

    private static readonly string[] LoadedAtStart = ["pg_duckdb", "timescaledb"];

    private readonly string _root = Directory.CreateTempSubdirectory("portico-extensions-").FullName;

    private string Source => Path.Combine(_root, "source");

    private string Target => Path.Combine(_root, "target");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_user_may_create_what_Render_offers_and_nothing_else()
    {
        Write([.. Renders, "postgres_fdw", "pg_walinspect", "plperlu"]);
        OfferedExtensions.Offer(Source, Target);

        var offered = Renders.Except(TrustedByPostgres).Except(LoadedAtStart).Append("postgres_fdw");
        var trusted = Directory.GetFiles(Target, "*.control").Where(file => File.ReadAllText(file).Contains("\ntrusted = true\n", StringComparison.Ordinal));
        Assert.Equal(offered.Order(), trusted.Select(file => Path.GetFileNameWithoutExtension(file)!).Order());
        Assert.All(Renders, name => Assert.True(File.Exists(Path.Combine(Target, name + ".control"))));
    }

    [Fact]
    public void What_belongs_to_the_superuser_after_the_creation_is_granted()
    {
        Write(["postgres_fdw", "postgis_topology", "bloom"]);
        foreach (var script in (string[])["postgres_fdw--1.1.sql", "postgis_topology--3.3.2.sql", "postgis_topology--3.3.1--3.3.2.sql", "bloom--1.0.sql"])
            File.WriteAllText(Path.Combine(Source, script), "SELECT 1;\n");
        OfferedExtensions.Offer(Source, Target);
        OfferedExtensions.Offer(Source, Target);

        Assert.Equal("SELECT 1;\n\nGRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO @extowner@;\n", Read("postgres_fdw--1.1.sql"));
        Assert.Contains("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA topology TO @extowner@;", Read("postgis_topology--3.3.2.sql"), StringComparison.Ordinal);
        Assert.Equal("SELECT 1;\n", Read("postgis_topology--3.3.1--3.3.2.sql"));
        Assert.Equal("SELECT 1;\n", Read("bloom--1.0.sql"));
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(Target, file));

    private void Write(string[] names)
    {
        Directory.CreateDirectory(Source);
        foreach (var name in names)
            File.WriteAllText(Path.Combine(Source, name + ".control"), $"comment = '{name}'\ndefault_version = '1.0'\n");
    }
}
