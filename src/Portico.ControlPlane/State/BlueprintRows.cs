namespace Portico.ControlPlane.State;

/// <summary>A Blueprint: a render.yaml that was applied and is tracked since.</summary>
internal sealed class BlueprintRow : IOwned
{
    /// <summary><c>exs-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    public required string Name { get; set; }

    /// <summary>The URL of the repository; empty for a directory without one.</summary>
    public required string Repo { get; init; }

    /// <summary>The branch that it is read from; empty if users apply the file manually.</summary>
    public string Branch { get; set; } = "";

    /// <summary>Whether it is applied again when its branch has a new commit.</summary>
    public bool AutoSync { get; set; }

    /// <summary>The user who turned auto-sync on. Commits that no user of the platform pushed are applied with their present rights.</summary>
    [NotOwned("Portico applies the Blueprint with the rights of this user, and does not apply it once the user is gone.")]
    public string? SyncUserId { get; set; }

    /// <summary>The path of the file: in the repository, or as the user gave it.</summary>
    public required string Path { get; set; }

    /// <summary>What the last sync left out; null when it applied everything.</summary>
    public IReadOnlyList<SkippedByBlueprint>? Skipped { get; set; }

    public DateTimeOffset? LastSyncAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int Version { get; set; }
}

/// <summary>A resource that a sync did not apply.</summary>
/// <param name="Kind"><c>service</c>, <c>postgres</c> or <c>key_value</c>.</param>
internal sealed record SkippedByBlueprint(string Kind, string Name, string Reason);

/// <summary>A resource that a Blueprint declares.</summary>
internal sealed class BlueprintResourceRow
{
    [DeletedWith(typeof(BlueprintRow))]
    public required string BlueprintId { get; init; }

    [DeletedWith(typeof(ServiceRow), typeof(DataStoreRow), typeof(EnvGroupRow), IsRecord = true)]
    public required string ResourceId { get; init; }
}
