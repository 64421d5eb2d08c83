using System.Text.RegularExpressions;
using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// The variables that workloads get from the operator's environment: proxies, certificates and settings of package managers belong
/// to the machine. Credentials in them belong to the operator, and every build could print them. Builds therefore get them only if
/// the operator allows it, and instances never do.
/// </summary>
internal sealed partial class InheritedVariables
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO",
        "GOPROXY", "GONOSUMDB", "GOFLAGS", "GOSUMDB", "BUNDLE_MIRROR__ALL", "TZ", "UV_INDEX", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL",
    };

    private static readonly string[] Prefixes = ["PIP_", "NPM_CONFIG_", "npm_config_"];

    /// <summary>Settings that name the operator's own directories, which are useless to a build.</summary>
    private static readonly string[] Places = ["PREFIX", "CACHE", "TARGET", "USERCONFIG", "GLOBALCONFIG", "LOG", "PIP_USER", "PIP_ROOT", "PIP_SRC"];

    private static readonly string[] Secrets = ["TOKEN", "SECRET", "PASSWORD", "AUTH", "CREDENTIAL", "_KEY"];

    /// <param name="environment">The environment of the engine.</param>
    /// <param name="credentials">Whether the operator allows builds to have the credentials.</param>
    public InheritedVariables(IReadOnlyDictionary<string, string> environment, Account account, bool credentials)
    {
        var inherited = environment.Where(variable => variable.Value.Length > 0 && Passes(variable.Key) && IsOfUse(variable.Value, account)).ToDictionary();
        ForInstances = inherited.Where(variable => !IsSecret(variable.Key, variable.Value))
            .ToDictionary(variable => variable.Key, variable => UserInfo.Replace(variable.Value, "://"));
        ForBuilds = credentials ? inherited : ForInstances;
        Withheld = [.. inherited.Where(variable => ForBuilds.GetValueOrDefault(variable.Key) != variable.Value).Select(variable => variable.Key).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyDictionary<string, string> ForBuilds { get; }

    public IReadOnlyDictionary<string, string> ForInstances { get; }

    /// <summary>The variables that builds get without their credentials, or do not get.</summary>
    public IReadOnlyList<string> Withheld { get; }

    private static bool Passes(string name) => Names.Contains(name)
        || (Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) && !Places.Any(place => name.Contains(place, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether the account can reach a file or directory. One that it cannot reach would only make programs fail.</summary>
    private static bool IsOfUse(string value, Account account) =>
        !Path.IsPathRooted(value) || value.Contains(':', StringComparison.Ordinal) || (Path.Exists(value) && account.CanPass(Path.GetDirectoryName(value)));

    private static bool IsSecret(string name, string value) =>
        Secrets.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) || SecretParameter.IsMatch(value);

    [GeneratedRegex(@"://[^/@\s,|]*@")]
    private static partial Regex UserInfo { get; }

    [GeneratedRegex(@"[?&][^=&\s]*(token|secret|password|key|auth)[^=&\s]*=", RegexOptions.IgnoreCase)]
    private static partial Regex SecretParameter { get; }
}
