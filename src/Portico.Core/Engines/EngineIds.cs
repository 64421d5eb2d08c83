namespace Portico.Core.Engines;

/// <summary>A revision's name, chosen by the caller: the deploy's id, or a data store's id and generation.</summary>
public readonly record struct RevisionId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The name of a build or job, chosen by the caller, so that starting it twice starts it once.</summary>
public readonly record struct RunId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>One running copy of a revision, for example <c>srv-…-abcde</c>. Chosen by the engine.</summary>
public readonly record struct InstanceId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>What a build made: a directory, an image, a digest. Opaque outside the engine.</summary>
public readonly record struct ArtifactId(string Value)
{
    public override string ToString() => Value;
}
