namespace Portico.Engines.Process.Runtimes;

/// <summary>What a build was made with. Its instances run with the same.</summary>
internal sealed record UsedToolchain
{
    public static UsedToolchain Default { get; } = new();

    /// <summary>Directories of programs that come before those of the machine.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>What was fetched for it, as directories of the store.</summary>
    public IReadOnlyList<string> Fetched { get; init; } = [];

    /// <summary>Downloaded packages of another one are of no use: they hold what was compiled for it.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The interpreter of a virtual environment; null for the machine's.</summary>
    public string? Python { get; init; }

    /// <summary>Where the headers are that native modules are compiled with; null for the machine's.</summary>
    public string? NodeDirectory { get; init; }
}
