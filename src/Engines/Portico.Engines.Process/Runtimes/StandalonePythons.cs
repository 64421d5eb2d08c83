using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Runtimes;

/// <summary>
/// Fetches Python versions from a mirror that the operator configures: one release of python-build-standalone, at a URL or in a
/// directory. Its file <c>SHA256SUMS</c> lists the archives, and each archive is checked against it. The engine unpacks it, so that
/// no workload can change it afterwards, and never runs it with its own rights.
/// </summary>
internal sealed partial class StandalonePythons(EngineHome home, string? mirror)
{
    private const string Sums = "SHA256SUMS", Package = "python";
    private const int MostBytesOfSums = 4 << 20;
    private static readonly SemaphoreSlim One = new(1);

    /// <summary>The time until the mirror begins to respond. Everything after that counts towards the build's time.</summary>
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromMinutes(1) };

    public bool IsConfigured => mirror is not null;

    /// <param name="wanted">The requested version, or its beginning.</param>
    /// <returns>The directory of the newest matching version; null if the mirror has none.</returns>
    /// <exception cref="RunFailure">The mirror does not respond, or an archive has another digest than the mirror lists.</exception>
    public async Task<(string Directory, string Version)?> GetAsync(string wanted, CancellationToken cancellationToken)
    {
        await One.WaitAsync(cancellationToken);
        try
        {
            var archive = (await ListAsync(cancellationToken)).Where(item => PythonToolchain.Matches(wanted, item.Version))
                .OrderByDescending(item => SemanticVersion.Parse(item.Version)).ThenBy(item => item.File.Length).FirstOrDefault();
            if (archive is null)
                return null;
            var directory = Path.Combine(home.Toolchains, Package, archive.Version);
            if (!Directory.Exists(directory))
                await FetchAsync(archive, directory, cancellationToken);
            Directory.SetLastWriteTimeUtc(directory, home.Now.UtcDateTime);
            return (directory, archive.Version);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or InvalidDataException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new RunFailure($"it could not be fetched from the mirror in PORTICO_PYTHON_MIRROR: {e.Message}");
        }
        finally
        {
            One.Release();
        }
    }

    private async Task<List<Archive>> ListAsync(CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(Sums, cancellationToken);
        var buffer = new MemoryStream();
        await CopyAsync(stream, buffer, MostBytesOfSums, cancellationToken);
        var text = Encoding.UTF8.GetString(buffer.ToArray());
        return [.. Line.Matches(text).Where(match => match.Groups["system"].Value == MachineTriple)
            .Select(match => new Archive(match.Groups["version"].Value, match.Groups["file"].Value, match.Groups["sum"].Value.ToLowerInvariant()))];
    }

    private async Task FetchAsync(Archive archive, string directory, CancellationToken cancellationToken)
    {
        EngineHome.MakePassable(Path.GetDirectoryName(directory)!);
        var (temporary, packed) = (directory + ".new", directory + ".tar.gz");
        if (Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        try
        {
            await using (var source = await OpenAsync(archive.File, cancellationToken))
            await using (var file = File.Create(packed))
                await CopyAsync(source, file, long.MaxValue, cancellationToken);
            await using (var file = File.OpenRead(packed))
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) != archive.Sum)
                    throw new InvalidDataException($"{archive.File} is not what {Sums} says: its digest differs.");
            EngineHome.MakePassable(temporary);
            await UnpackAsync(packed, temporary, cancellationToken);
            Directory.Move(temporary, directory);
        }
        finally
        {
            File.Delete(packed);
        }
    }

    /// <summary>Unpacks the files, directories and links below the archive's only directory, except for links that leave it.</summary>
    private static async Task UnpackAsync(string packed, string destination, CancellationToken cancellationToken)
    {
        await using var unpacked = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
        await using var reader = new TarReader(unpacked);
        while (await reader.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            if (Inside(destination, entry.Name) is not { } path || Path.Exists(path))
                continue;
            EngineHome.MakePassable(entry.EntryType == TarEntryType.Directory ? path : Path.GetDirectoryName(path)!);
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                await entry.ExtractToFileAsync(path, overwrite: false, cancellationToken);
                File.SetUnixFileMode(path, entry.Mode.HasFlag(UnixFileMode.UserExecute) ? ToolchainStore.Program : ToolchainStore.Readable);
            }
            else if (entry.EntryType == TarEntryType.SymbolicLink && !Path.IsPathRooted(entry.LinkName)
                && ContainedPath.IsInside(destination, Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, entry.LinkName))))
                File.CreateSymbolicLink(path, entry.LinkName);
            else if (entry.EntryType == TarEntryType.HardLink && Inside(destination, entry.LinkName) is { } target && File.Exists(target))
                File.Copy(target, path);
        }
    }

    private static string? Inside(string destination, string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || slash == name.Length - 1)
            return null;
        var path = Path.GetFullPath(Path.Combine(destination, name[(slash + 1)..])).TrimEnd('/');
        return path != destination && ContainedPath.IsInside(destination, path) ? path : null;
    }

    private async Task<Stream> OpenAsync(string file, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(mirror, UriKind.Absolute, out var uri) || uri.IsFile)
            return File.OpenRead(Path.Combine(mirror!, file));
        return await Client.GetStreamAsync(new Uri($"{mirror!.TrimEnd('/')}/{Uri.EscapeDataString(file)}"), cancellationToken);
    }

    private static async Task CopyAsync(Stream from, Stream to, long most, CancellationToken cancellationToken)
    {
        var (buffer, all) = (new byte[128 * 1024], 0L);
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if ((all += read) > most)
                throw new InvalidDataException($"{Sums} is too large.");
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static string MachineTriple => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu";

    private sealed record Archive(string Version, string File, string Sum);

    /// <summary>Matches a digest and the name of a file such as <c>cpython-3.12.7+20241016-x86_64-unknown-linux-gnu-install_only.tar.gz</c>.</summary>
    [GeneratedRegex(@"^(?<sum>[0-9a-fA-F]{64})\s+\*?(?<file>cpython-(?<version>\d+\.\d+\.\d+)(\+\d+)?-(?<system>[\w-]+?)-install_only(_stripped)?\.tar\.gz)\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line { get; }
}
