using Portico.Hosting;

namespace Portico.Engines.Process.Network;

/// <summary>
/// Records on the machine which platform set which packet rules and addresses, until the machine starts again. By it, platforms choose
/// different addresses, and what one left behind whose home no longer exists can be removed. Only platforms in the same network
/// namespace of the machine concern each other.
/// </summary>
internal static class PlatformClaims
{
    private const string Directory = MachineLock.Directory, Suffix = ".json";

    public static IReadOnlyList<(string Tag, PlatformClaim Claim)> Read() =>
        [.. DirectoryEntries.Files(Directory, "*" + Suffix)
            .Select(file => (Tag: Path.GetFileNameWithoutExtension(file), Claim: JsonFile.Read<PlatformClaim>(file)))
            .Where(found => found.Claim is { } claim && claim.Namespace == NetworkNamespace.Own).Select(found => (found.Tag, found.Claim!))];

    public static void Write(string tag, PlatformClaim claim)
    {
        EngineHome.MakePrivate(Directory);
        JsonFile.WriteUnflushed(FileOf(tag), claim with { Namespace = NetworkNamespace.Own });
    }

    public static void Delete(string tag)
    {
        if (System.IO.Directory.Exists(Directory))
            File.Delete(FileOf(tag));
    }

    private static string FileOf(string tag) => Path.Combine(Directory, tag + Suffix);
}

/// <param name="Range">The addresses of its private network; null if it has none.</param>
/// <param name="Devices">The devices for which it turned forwarding on.</param>
internal sealed record PlatformClaim(string Home, string? Range, IReadOnlyList<string> Devices)
{
    /// <summary>The network namespace that contains them.</summary>
    public string? Namespace { get; init; }
}
