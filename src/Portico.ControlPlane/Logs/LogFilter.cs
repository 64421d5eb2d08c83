namespace Portico.ControlPlane.Logs;

/// <summary>A filter for lines. A line must match at least one pattern of every list that is not empty.</summary>
internal sealed record LogFilter
{
    private const string JobPrefix = "job-";

    /// <summary>Ids of services, data stores and jobs. The caller must have been authorized to see them.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    public IReadOnlyList<TextPattern> Instance { get; init; } = [];

    public IReadOnlyList<TextPattern> Type { get; init; } = [];

    public IReadOnlyList<TextPattern> Level { get; init; } = [];

    public IReadOnlyList<TextPattern> Host { get; init; } = [];

    public IReadOnlyList<TextPattern> StatusCode { get; init; } = [];

    public IReadOnlyList<TextPattern> Method { get; init; } = [];

    public IReadOnlyList<TextPattern> Path { get; init; } = [];

    public IReadOnlyList<TextPattern> Text { get; init; } = [];

    /// <summary>Whether labels are not enough, so that the lines themselves must be read.</summary>
    public bool ReadsLines => Path.Count > 0 || Text.Count > 0;

    public bool Matches(LogLabels labels) =>
        Resources.Any(resource => IsOf(resource, labels))
        && Matches(Instance, labels.Instance)
        && Matches(Type, labels.Type.ToWord())
        && Matches(Level, labels.Level.ToWord())
        && Matches(Host, labels.Host)
        && Matches(StatusCode, labels.StatusCode)
        && Matches(Method, labels.Method);

    internal static bool MatchesAny(IReadOnlyList<TextPattern> patterns, FoldedText text)
    {
        for (var i = 0; i < patterns.Count; i++)
            if (patterns[i].Matches(text))
                return true;
        return false;
    }

    /// <summary>Whether lines with these labels belong to a resource. A job's lines belong to its service, with the job as their instance.</summary>
    private static bool IsOf(string resource, LogLabels labels) =>
        resource == (resource.StartsWith(JobPrefix, StringComparison.Ordinal) ? labels.Instance : labels.Resource);

    private static bool Matches(IReadOnlyList<TextPattern> patterns, string? text) =>
        patterns.Count == 0 || (text is not null && patterns.Any(pattern => pattern.Matches(text)));
}
