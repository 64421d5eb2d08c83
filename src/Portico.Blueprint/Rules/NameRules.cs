using System.Text;
using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Rules;

/// <summary>Checks names. They become host names, file names and arguments.</summary>
internal static class NameRules
{
    private const int Longest = 63;
    private const int LongestEnvKey = 1000;
    private const int MostEnvValueBytes = 128_000;

    /// <summary>Checks the name of a service, data store or group.</summary>
    public static Problem? Resource(string name)
    {
        var fault = ResourceFault(name);
        if (fault is null)
            return null;
        var slug = Slug.Of(name);
        return new Problem(
            $"invalid name '{SafeText.Word(name)}': {fault}", slug.Length > 0 ? $"for example '{slug}'" : null,
            Codes.InvalidName);
    }

    private static string? ResourceFault(string name) => name switch
    {
        "" => "it is empty",
        { Length: > Longest } => $"it has {name.Length} characters; the maximum is {Longest}",
        _ when !char.IsAsciiLetterOrDigit(name[0]) => "it must start with a letter or a digit",
        _ when name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not (' ' or '-' or '_' or '.')) =>
            "use only letters a-z, digits, spaces, '-', '_' and '.'",
        _ when name[^1] == ' ' => "it ends with a space",
        _ => null,
    };

    /// <summary>Checks the name of a project, environment, credential or disk, which does not become an address.</summary>
    public static Problem? Label(string name) => name switch
    {
        "" => new Problem("a name cannot be empty", null, Codes.InvalidName),
        { Length: > 100 } => new Problem("a name can have at most 100 characters", null, Codes.InvalidName),
        _ when name.Any(char.IsControl) || name.Contains('/') || name.Contains("..") =>
            new Problem($"invalid name '{SafeText.Word(name)}': it contains '/', '..' or a control character", null, Codes.InvalidName),
        _ => null,
    };

    public static Problem? EnvKey(string key)
    {
        var good = key.Length > 0 && (char.IsAsciiLetter(key[0]) || key[0] == '_')
            && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
        if (good && IsReserved(key))
            return new Problem($"the variable key '{SafeText.Word(key)}' is reserved by Portico", "choose another name", Codes.InvalidName);
        if (good && key.Length > LongestEnvKey)
            return new Problem($"the variable key '{SafeText.Word(key)}' has {key.Length} characters; the maximum is {LongestEnvKey}", null, Codes.InvalidName);
        return good
            ? null
            : new Problem(
                $"invalid variable key '{SafeText.Word(key)}': use letters, digits, '_', '-' and '.', "
                + "starting with a letter or '_'",
                null, Codes.InvalidName);
    }

    /// <summary>Checks a variable's value. The kernel starts no program with a larger one.</summary>
    public static Problem? EnvValue(string value) => Encoding.UTF8.GetByteCount(value) is var bytes and > MostEnvValueBytes
        ? new Problem(
            $"the value has {bytes} bytes; a variable can have at most {MostEnvValueBytes}", "put it into a secret file", Codes.InvalidValue)
        : null;

    /// <summary>Names by which an engine starts a workload and finds it again.</summary>
    private static bool IsReserved(string key) =>
        key == "PORTICO_WORKLOAD" || key.StartsWith("__portico_", StringComparison.Ordinal);

    /// <summary>Checks the name of a database or role in PostgreSQL.</summary>
    public static Problem? PostgresIdentifier(string name)
    {
        var good = name.Length is > 0 and <= Longest && (char.IsAsciiLetter(name[0]) || name[0] == '_')
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$');
        return good
            ? null
            : new Problem(
                $"invalid PostgreSQL name '{SafeText.Word(name)}': use up to {Longest} letters, digits, '_', '-' and '$', "
                + "starting with a letter or '_'",
                null, Codes.InvalidName);
    }

    public static Problem? PostgresUser(string name) =>
        name is "postgres" || name.StartsWith("pg_", StringComparison.OrdinalIgnoreCase)
            ? new Problem($"the user '{SafeText.Word(name)}' is reserved by PostgreSQL", "choose another name", Codes.InvalidName)
            : PostgresIdentifier(name);
}
