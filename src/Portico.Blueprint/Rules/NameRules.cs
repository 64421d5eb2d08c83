using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Rules;

/// <summary>What may be called what. Names become host names, file names and arguments.</summary>
internal static class NameRules
{
    private const int Longest = 63;

    /// <summary>Services, data stores and groups.</summary>
    public static Problem? Resource(string name)
    {
        var fault = ResourceFault(name);
        if (fault is null)
            return null;
        var slug = Slug.Of(name);
        return new Problem(
            $"'{Shown.Word(name)}' cannot be a name: {fault}", slug.Length > 0 ? $"for example '{slug}'" : null,
            Codes.InvalidName);
    }

    private static string? ResourceFault(string name) => name switch
    {
        "" => "it is empty",
        { Length: > Longest } => $"it has {name.Length} characters, and {Longest} are the most",
        _ when !char.IsAsciiLetterOrDigit(name[0]) => "it must start with a letter or a digit",
        _ when name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not (' ' or '-' or '_' or '.')) =>
            "letters a-z, digits, spaces, '-', '_' and '.' are possible",
        _ when name[^1] == ' ' => "it ends with a space",
        _ => null,
    };

    /// <summary>Projects, environments, credentials, disks: labels that become no address.</summary>
    public static Problem? Label(string name) => name switch
    {
        "" => new Problem("a name cannot be empty", null, Codes.InvalidName),
        { Length: > 100 } => new Problem("a name has at most 100 characters", null, Codes.InvalidName),
        _ when name.Any(char.IsControl) || name.Contains('/') || name.Contains("..") =>
            new Problem($"'{Shown.Word(name)}' cannot be a name: it holds '/', '..' or a control character", null, Codes.InvalidName),
        _ => null,
    };

    public static Problem? EnvKey(string key)
    {
        var good = key.Length > 0 && (char.IsAsciiLetter(key[0]) || key[0] == '_')
            && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
        return good
            ? null
            : new Problem(
                $"'{Shown.Word(key)}' cannot be the key of a variable: letters, digits, '_', '-' and '.' are possible, "
                + "and the first is a letter or '_'",
                null, Codes.InvalidName);
    }

    /// <summary>The name of a database or a role inside of PostgreSQL.</summary>
    public static Problem? PostgresIdentifier(string name)
    {
        var good = name.Length is > 0 and <= Longest && (char.IsAsciiLetter(name[0]) || name[0] == '_')
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$');
        return good
            ? null
            : new Problem(
                $"'{Shown.Word(name)}' cannot be a name in PostgreSQL here: up to {Longest} letters, digits, '_', '-' and '$', "
                + "the first a letter or '_'",
                null, Codes.InvalidName);
    }

    public static Problem? PostgresUser(string name) =>
        name is "postgres" || name.StartsWith("pg_", StringComparison.OrdinalIgnoreCase)
            ? new Problem($"the user '{Shown.Word(name)}' is reserved by PostgreSQL", "choose another name", Codes.InvalidName)
            : PostgresIdentifier(name);
}
