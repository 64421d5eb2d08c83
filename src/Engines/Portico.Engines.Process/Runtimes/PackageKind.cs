namespace Portico.Engines.Process.Runtimes;

/// <summary>How packages of one kind are read and completed.</summary>
internal sealed record PackageKind
{
    /// <summary>Packages of programs: their versions are semantic, and each names its programs.</summary>
    public static PackageKind Programs { get; } = new() { VersionOf = SemanticVersion.Parse, Complete = ToolchainStore.LinkPrograms };

    /// <summary>Reads a version; null for one that must not be used.</summary>
    public required Func<string, SemanticVersion?> VersionOf { get; init; }

    /// <summary>Makes the unpacked directory ready for use. It becomes visible afterwards, as a whole.</summary>
    public required Action<string> Complete { get; init; }
}
