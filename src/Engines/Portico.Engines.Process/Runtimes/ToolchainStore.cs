using System.Text.Json;
using Portico.Engines.Process.Postgres;
using Portico.Hosting;

namespace Portico.Engines.Process.Runtimes;

/// <summary>
/// Stores fetched toolchains, which all builds and instances share: <c>toolchains/NAME/VERSION</c>. A directory that exists is
/// complete. The account can read it and run its programs, but not change it.
/// </summary>
internal sealed class ToolchainStore(EngineHome home, NpmPackage packages) : IDisposable
{
    public const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public const UnixFileMode Program = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string Programs = ".bin";
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Returns a version in the range. It prefers one that is already stored to one that must be fetched.</summary>
    /// <returns>The directory and the version.</returns>
    /// <exception cref="Runs.RunFailure">There is no such version, or it cannot be fetched.</exception>
    public Task<(string Directory, SemanticVersion Version)> GetAsync(string package, SemanticRange range, CancellationToken cancellationToken) =>
        GetAsync(PackageKind.Programs, package, range, cancellationToken);

    /// <inheritdoc cref="GetAsync(string, SemanticRange, CancellationToken)"/>
    public async Task<(string Directory, SemanticVersion Version)> GetAsync(
        PackageKind kind, string package, SemanticRange range, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var version = range.Newest(Here(kind, package))
                ?? range.Newest((await packages.VersionsAsync(package, cancellationToken)).Select(kind.VersionOf).OfType<SemanticVersion>())
                ?? throw new Runs.RunFailure("there is no such version.");
            var directory = Path.Combine(Of(package), version.ToString());
            if (!Directory.Exists(directory))
                await FetchAsync(kind, package, version, directory, cancellationToken);
            Directory.SetLastWriteTimeUtc(directory, home.Now.UtcDateTime);
            return (directory, version);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Returns the directory of the newest stored version in the range; null if there is none.</summary>
    public string? Find(PackageKind kind, string package, SemanticRange range) =>
        range.Newest(Here(kind, package)) is { } version ? Path.Combine(Of(package), version.ToString()) : null;

    public void Dispose() => _one.Dispose();

    /// <summary>Returns the directory of a toolchain's programs.</summary>
    public static string ProgramsOf(string directory) => Path.Combine(directory, Programs);

    /// <summary>
    /// Deletes toolchains that no kept artifact was built with and no build has requested since the given time. Servers of databases
    /// are kept, because a suspended database needs its server when it is resumed. There is at most one for each major version.
    /// </summary>
    public void Prune(DateTimeOffset unusedSince)
    {
        var used = DirectoryEntries.Files(home.ToolchainRecords, "*.json")
            .SelectMany(file => JsonFile.Read<UsedToolchain>(file)?.Fetched ?? []).ToHashSet();
        foreach (var directory in DirectoryEntries.Directories(home.Toolchains).Where(IsPackage).SelectMany(DirectoryEntries.Directories))
            if (!used.Contains(directory) && Directory.GetLastWriteTimeUtc(directory) < unusedSince.UtcDateTime)
                Directory.Delete(directory, recursive: true);
    }

    private static bool IsPackage(string directory) =>
        !Path.GetFileName(directory).StartsWith('.') && !PostgresPackage.Is(FileName.ToId(Path.GetFileName(directory)));

    private string Of(string package) => Path.Combine(home.Toolchains, FileName.Of(package));

    private IEnumerable<SemanticVersion> Here(PackageKind kind, string package) =>
        DirectoryEntries.Directories(Of(package)).Select(path => kind.VersionOf(Path.GetFileName(path))).OfType<SemanticVersion>();

    private async Task FetchAsync(PackageKind kind, string package, SemanticVersion version, string directory, CancellationToken cancellationToken)
    {
        EngineHome.MakePassable(Of(package));
        var temporary = directory + ".new";
        if (Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        EngineHome.MakePassable(temporary);
        await packages.UnpackAsync(package, version, temporary, cancellationToken);
        kind.Complete(temporary);
        foreach (var inner in DirectoryEntries.Directories(temporary, "*", SearchOption.AllDirectories))
            EngineHome.MakePassable(inner);
        Directory.Move(temporary, directory);
    }

    /// <summary>Links the programs under the names that the package declares. A package that declares none has its programs in <c>bin</c>.</summary>
    public static void LinkPrograms(string directory)
    {
        EngineHome.MakePassable(ProgramsOf(directory));
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "package.json")));
        var programs = manifest.RootElement.TryGetProperty("bin", out var bin) && bin.ValueKind == JsonValueKind.Object
            ? bin.EnumerateObject().Select(item => (item.Name, Path: item.Value.GetString()!))
            : DirectoryEntries.Files(Path.Combine(directory, "bin")).Select(file => (Name: Path.GetFileName(file), Path: Path.GetRelativePath(directory, file)));
        foreach (var (name, path) in programs.ToList())
        {
            File.SetUnixFileMode(Path.Combine(directory, path), Program);
            File.CreateSymbolicLink(Path.Combine(ProgramsOf(directory), Path.GetFileName(name)), Path.Combine("..", path));
        }
    }
}
