using System.Collections.Frozen;

namespace Portico.Blueprint.Binding;

/// <summary>Headers of a static site that a rule cannot set, because the rule would have no effect or break the response.</summary>
public static class HeaderRules
{
    private static readonly FrozenDictionary<string, string> Problems = new (string Why, string[] Names)[]
    {
        ("it describes how the response is sent", ["Content-Length", "Transfer-Encoding", "Content-Encoding", "Content-Range", "Trailer"]),
        ("it belongs to the connection", ["Connection", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade"]),
        ("the platform sets it for each request", ["X-Request-Id", "Rndr-Id"]),
    }.SelectMany(group => group.Names, static (group, name) => KeyValuePair.Create(name, group.Why)).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns why a rule cannot set this header; null when it can.</summary>
    public static string? ProblemOf(string name) => Problems.GetValueOrDefault(name);
}
