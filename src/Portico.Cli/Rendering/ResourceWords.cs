namespace Portico.Cli.Rendering;

/// <summary>The kinds of resources in words.</summary>
internal static class ResourceWords
{
    /// <param name="type">The type in a status, for example <c>web_service</c>.</param>
    /// <returns>With its article.</returns>
    public static string Of(string type) => type switch
    {
        "postgres" => "a Postgres database",
        "key_value" => "a Key Value store",
        _ => $"a {type.Replace('_', ' ')}",
    };
}
