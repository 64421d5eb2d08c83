namespace Portico.EndToEnd.Support;

/// <summary>An element of <c>portico status --json</c>.</summary>
internal sealed record Resource
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Status { get; init; }

    public string? Url { get; init; }

    public string? InternalAddress { get; init; }

    public Deploy? Deploy { get; init; }

    public required IReadOnlyList<Instance> Instances { get; init; }

    public int[] ProcessIds => [.. Instances.Select(instance => instance.Pid ?? 0).Order()];
}

internal sealed record Deploy(string Id, string Status, string? Commit, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

internal sealed record Instance(string Id, int? Pid, string Status);
