using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Servers;

/// <summary>
/// Chooses the variables of the user's environment that the server gets. It is an allow list, because a shell holds tokens and
/// agent sockets that a process must not keep for months.
/// </summary>
internal static class ServerEnvironment
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO", "JAVA_HOME", "CI",
    };

    private static readonly string[] Prefixes =
    [
        "PORTICO_", "DOTNET_", "LC_", "XDG_", "SSL_CERT_", "NPM_CONFIG_", "npm_config_", "YARN_", "PIP_", "UV_",
        "NUGET_", "GO", "CARGO_", "RUSTUP_", "BUNDLE_", "GEM_", "MIX_", "HEX_",
    ];

    private static readonly string[] Secrets = ["TOKEN", "SECRET", "PASSWORD", "_AUTH", "CREDENTIAL"];

    /// <summary>
    /// Makes glibc return freed memory to the system: about 9 MB of an idle server and edge. Compiling at start leaves
    /// most of it in per-thread heaps, in blocks too small to be returned otherwise.
    /// </summary>
    private static readonly Dictionary<string, string> Allocator = new()
    {
        ["MALLOC_ARENA_MAX"] = "2",
        ["MALLOC_MMAP_THRESHOLD_"] = "65536",
        ["MALLOC_TRIM_THRESHOLD_"] = "65536",
    };

    public static Dictionary<string, string> From(IReadOnlyDictionary<string, string> variables, PlatformPaths paths)
    {
        var kept = Of(variables);
        foreach (var (name, value) in Allocator)
            kept[name] = value;
        kept["PORTICO_HOME"] = paths.Home;
        return kept;
    }

    /// <summary>Variables that are passed on unchanged.</summary>
    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, string> variables) =>
        variables.Where(item => Passes(item.Key)).ToDictionary(item => item.Key, item => item.Value, StringComparer.Ordinal);

    private static bool Passes(string name)
    {
        // They are for commands that use a platform on another machine.
        if (name is "PORTICO_HOST" or "PORTICO_API_KEY")
            return false;
        if (Names.Contains(name) || name.StartsWith("PORTICO_", StringComparison.Ordinal))
            return true;
        return Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
            && !Secrets.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
