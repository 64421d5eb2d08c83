namespace Portico.Engines.Process.Runtimes;

/// <summary>The toolchain of a build. Its instances run with the same one.</summary>
internal sealed record UsedToolchain
{
    public static UsedToolchain Default { get; } = new();

    /// <summary>Directories of programs that take precedence over the machine's.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>Directories of the store with everything that was fetched for it.</summary>
    public IReadOnlyList<string> Fetched { get; init; } = [];

    /// <summary>Identifies compatible toolchains. Packages of another kind cannot be reused, because they contain code that was compiled for it.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The interpreter for virtual environments; null for the machine's.</summary>
    public string? Python { get; init; }

    /// <summary>Whether it was built at the paths of a sandbox. Otherwise programs in it contain the path of the artifact on the machine.</summary>
    public bool BuiltInSandbox { get; init; }

    /// <summary>The directory with the headers for native modules; null for the machine's.</summary>
    public string? NodeDirectory { get; init; }
}
