namespace Portico.Core.Engines;

/// <summary>The id of a revision, chosen by the caller: the deploy's id, or a data store's id and generation.</summary>
public readonly record struct RevisionId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The id of a build or job, chosen by the caller, so that a repeated start has no effect.</summary>
public readonly record struct RunId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The id of an instance, for example <c>srv-…-abcde</c>, chosen by the engine.</summary>
public readonly record struct InstanceId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The id of a build's result, such as a directory or an image. It is opaque outside of the engine.</summary>
public readonly record struct ArtifactId(string Value)
{
    public override string ToString() => Value;
}
