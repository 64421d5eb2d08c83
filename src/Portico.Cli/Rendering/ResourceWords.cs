namespace Portico.Cli.Rendering;

/// <summary>The kinds of resources in words.</summary>
internal static class ResourceWords
{
    public static readonly string[] Services = ["web_service", "private_service", "background_worker", "static_site", "cron_job"];

    public static bool IsDataStore(string type) => type is "postgres" or "key_value";

    /// <param name="type">The type in a status, for example <c>web_service</c>.</param>
    /// <returns>With its article.</returns>
    public static string Of(string type) => type switch
    {
        "postgres" => "a Postgres database",
        "key_value" => "a Key Value store",
        _ => $"a {type.Replace('_', ' ')}",
    };
}
