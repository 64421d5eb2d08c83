namespace Portico.Engines.Process.Runtimes;

/// <summary>How packages of one kind are read and completed.</summary>
internal sealed record PackageKind
{
    /// <summary>Packages with programs. They have semantic versions and declare their programs.</summary>
    public static PackageKind Programs { get; } = new() { VersionOf = SemanticVersion.Parse, Complete = ToolchainStore.LinkPrograms };

    /// <summary>Reads a version; null for one that must not be used.</summary>
    public required Func<string, SemanticVersion?> VersionOf { get; init; }

    /// <summary>Completes the unpacked directory, which becomes visible afterwards.</summary>
    public required Action<string> Complete { get; init; }
}
