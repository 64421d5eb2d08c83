using System.Text.RegularExpressions;
using Portico.Hosting;

namespace Portico.Engines.Process.Postgres;

/// <summary>
/// Lets the user of a database create the extensions that Render offers. PostgreSQL itself lets only a superuser create most of
/// them; one that its control file calls trusted is created by PostgreSQL on behalf of a user who may create objects in the database.
/// </summary>
/// <remarks>
/// The list is that of https://render.com/docs/postgresql-extensions, and <c>postgres_fdw</c>. It leaves out PostgreSQL's own extensions that
/// are trusted in all versions, and those that work only when they are loaded at start and are not: <c>pg_duckdb</c> and <c>timescaledb</c>.
/// None of them lets a user run a program or read a file of the server: functions that could do that require a role that no user has.
/// </remarks>
internal static partial class OfferedExtensions
{
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly string[] Untrusted =
    [
        "adminpack", "amcheck", "autoinc", "bloom", "dblink", "dict_xsyn", "earthdistance", "file_fdw", "insert_username", "intagg",
        "moddatetime", "old_snapshot", "pageinspect", "pg_buffercache", "pg_freespacemap", "pg_ivm", "pg_prewarm", "pg_similarity",
        "pg_stat_statements", "pg_surgery", "pg_visibility", "pgaudit", "pgrowlocks", "pgstattuple", "postgis", "postgis_raster",
        "postgis_tiger_geocoder", "postgis_topology", "postgres_fdw", "refint", "sslinfo", "vector", "xml2",
    ];

    /// <summary>What the user must be granted: after a trusted creation, the superuser owns what the extension consists of.</summary>
    private static readonly Dictionary<string, string> Grants = new()
    {
        ["postgres_fdw"] = "GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO @extowner@;",
        ["dblink"] = "GRANT USAGE ON FOREIGN DATA WRAPPER dblink_fdw TO @extowner@;",
        ["file_fdw"] = "GRANT USAGE ON FOREIGN DATA WRAPPER file_fdw TO @extowner@;",
        ["postgis_topology"] = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA topology TO @extowner@; "
            + "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA topology TO @extowner@;",
    };

    /// <summary>Makes a directory of extensions offer what another one contains. Calling it again takes almost no time.</summary>
    /// <param name="source">The directory of the server, which may be the same one.</param>
    /// <param name="target">The directory to write. Unchanged files are links to the source.</param>
    public static void Offer(string source, string target)
    {
        if (source != target)
            DirectoryLinks.Mirror(source, target, isOwn: IsChanged);
        foreach (var name in Untrusted.Where(name => File.Exists(Path.Combine(source, name + ".control"))))
            Offer(name, source, target);
    }

    private static void Offer(string name, string source, string target)
    {
        Write(source, target, name + ".control", text => Trusted.IsMatch(text) ? text : text.TrimEnd() + "\ntrusted = true\n");
        if (!Grants.TryGetValue(name, out var granted))
            return;
        var grant = $"\n{granted}\n";
        foreach (var script in DirectoryEntries.Files(source, $"{name}--*.sql").Select(file => Path.GetFileName(file)).Where(IsBaseScript))
            Write(source, target, script, text => text.Contains(grant, StringComparison.Ordinal) ? text : text + grant);
    }

    private static bool IsChanged(string file) =>
        Untrusted.Any(name => file == name + ".control") || Grants.Keys.Any(name => file.StartsWith(name + "--", StringComparison.Ordinal) && IsBaseScript(file));

    /// <summary>Whether a script creates an extension, like <c>name--1.0.sql</c>. A script with two versions updates one.</summary>
    private static bool IsBaseScript(string file) => file.Split("--").Length == 2;

    /// <summary>Replaces a file by rename, so that a server that is reading it finds it complete.</summary>
    private static void Write(string source, string target, string file, Func<string, string> change)
    {
        var (before, path) = (change(File.ReadAllText(Path.Combine(source, file))), Path.Combine(target, file));
        if (new FileInfo(path) is { Exists: true, LinkTarget: null } && File.ReadAllText(path) == before)
            return;
        var temporary = path + ".new";
        File.WriteAllText(temporary, before);
        File.SetUnixFileMode(temporary, Readable);
        File.Move(temporary, path, overwrite: true);
    }

    [GeneratedRegex(@"^\s*trusted\s*=\s*(true|yes|on|1)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Trusted { get; }
}
