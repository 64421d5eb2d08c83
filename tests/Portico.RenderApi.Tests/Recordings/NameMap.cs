using System.Text.RegularExpressions;

namespace Portico.RenderApi.Tests.Recordings;

/// <summary>What the recorded ids, workspaces and repositories are called on the platform that answers now.</summary>
internal sealed partial class NameMap
{
    private const string Workspace = "some-owner-id";

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    public NameMap(string workspace, string repositories)
    {
        _known[Workspace] = workspace;
        Repositories = repositories;
    }

    /// <summary>The URL of the directory with a copy of each recorded repository.</summary>
    private string Repositories { get; }

    /// <summary>Whether a recorded text is an id, whose value is another one here.</summary>
    public static bool IsId(string text) => text == Workspace || Id().IsMatch(text);

    /// <summary>Translates every recorded name in a path or a body.</summary>
    public string Translate(string text)
    {
        text = Repository().Replace(text, match => $"{Repositories}/{match.Groups[1].Value}.git");
        return AnyId().Replace(text, match => _known.GetValueOrDefault(match.Value, match.Value));
    }

    /// <summary>Whether our id stands for the recorded one. The first that is seen at the recorded one's place does.</summary>
    public bool Means(string recorded, string ours)
    {
        if (_known.TryGetValue(recorded, out var known))
            return known == ours;
        if (recorded.StartsWith("tea-", StringComparison.Ordinal))
            return ours == (_known[recorded] = _known[Workspace]);
        if (recorded.Split('-')[0] != ours.Split('-')[0] || (_known.ContainsValue(ours) && !IsOfRule(ours)))
            return false;
        _known[recorded] = ours;
        return true;
    }

    /// <summary>A header or route that is replaced with an equal one keeps its id here, and gets a new one at Render.</summary>
    private static bool IsOfRule(string id) => id.StartsWith("hdr-", StringComparison.Ordinal) || id.StartsWith("rdr-", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z]{3}-[a-z0-9]{20}(-[a-z])?$")]
    private static partial Regex Id();

    [GeneratedRegex("some-owner-id|[a-z]{3}-[a-z0-9]{20}(-[a-z](?![a-z0-9]))?")]
    private static partial Regex AnyId();

    [GeneratedRegex("https://github.com/render-examples/([a-z-]+)")]
    private static partial Regex Repository();
}
