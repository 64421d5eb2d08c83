using System.Text.RegularExpressions;

namespace Portico.ControlPlane.Running;

/// <summary>Hints for messages that name what is missing: a host, or an extension of PostgreSQL.</summary>
internal static partial class FailureNames
{
    /// <summary>What databases' messages name instead of the extension that has it.</summary>
    private static readonly Dictionary<string, string> Extensions = new(StringComparer.Ordinal)
    {
        ["vector"] = "vector",
        ["geometry"] = "postgis",
        ["geography"] = "postgis",
        ["citext"] = "citext",
        ["hstore"] = "hstore",
        ["ltree"] = "ltree",
        ["uuid_generate_v1"] = "uuid-ossp",
        ["uuid_generate_v4"] = "uuid-ossp",
        ["crypt"] = "pgcrypto",
        ["gen_salt"] = "pgcrypto",
        ["digest"] = "pgcrypto",
        ["similarity"] = "pg_trgm",
        ["unaccent"] = "unaccent",
        ["dblink"] = "dblink",
        ["st_distance"] = "postgis",
    };

    public static string? HintFor(string line)
    {
        if (Host.Match(line) is { Success: true } host && host.Groups["host"].Value is var name && name != "localhost")
            return name.Contains('.', StringComparison.Ordinal)
                ? $"The host '{name}' was not found. Check the addresses in its environment variables."
                : $"There is no host '{name}' here. Such names exist only inside Docker Compose. Set the address with fromDatabase or fromService.";
        if (MissingExtension.Match(line) is { Success: true } missing)
            return $"The PostgreSQL extension '{missing.Groups["name"].Value}' is not installed on this machine. "
                + "Install the package that has it, for example postgresql-contrib or postgresql-15-pgvector.";
        return Undefined.Match(line) is { Success: true } undefined && Extensions.GetValueOrDefault(undefined.Groups["name"].Value.ToLowerInvariant()) is { } extension
            ? $"The database lacks the extension '{extension}'. Run CREATE EXTENSION \"{extension}\" in it first, for example in a migration."
            : null;
    }

    /// <summary>How runtimes report a name that does not resolve.</summary>
    [GeneratedRegex("""
        getaddrinfo\s(ENOTFOUND|EAI_AGAIN)\s(?<host>[\w.-]+)
        |could\snot\stranslate\shost\sname\s"(?<host>[\w.-]+)"
        |lookup\s(?<host>[\w.-]+)(\son\s\S+)?:\s(no\ssuch\shost|Temporary\sfailure)
        |connecting\sto\s(?<host>[\w.-]+):\d+\.\s(Name\sor\sservice\snot\sknown|Temporary\sfailure|No\saddress)
        |(Name\sor\sservice\snot\sknown|Temporary\sfailure\sin\sname\sresolution|getaddrinfo:[^(]*)\s\((\w+://)?([^@\s)]*@)?(?<host>[\w.-]+):\d+
        |UnknownHostException:\s(?<host>[\w.-]+)
        |getaddrinfo\s(failed\s)?for\s(?<host>[\w.-]+)
        |\((?<host>[\w.-]+):\d+\):\snon-existing\sdomain
        |[Cc]ould\snot\sresolve\shost:?\s(name\s)?['"]?(?<host>[\w.-]+)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Host { get; }

    [GeneratedRegex("""
        extension\s"(?<name>[\w-]+)"\sis\snot\savailable
        |could\snot\sopen\sextension\scontrol\sfile\s"[^"]*/(?<name>[\w-]+)\.control"
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex MissingExtension { get; }

    [GeneratedRegex("""
        type\s"(?<name>\w+)"\sdoes\snot\sexist
        |function\s(public\.)?(?<name>\w+)\(.*\)\sdoes\snot\sexist
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Undefined { get; }
}
